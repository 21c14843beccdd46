#pragma once

#include "base/deadline.hpp"
#include "base/endpoint.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace labctl::http {

// Where a server listens, and the host name of its requests.
struct Server {
  Endpoint address;
  // The host of URL and Host header, if it is not the address's, so that /etc/hosts need not be changed. "":
  // the address's host, or "localhost" for a unix socket.
  std::string name;

  Server(Endpoint listens_at, std::string host_name = {})
      : address(std::move(listens_at)), name(std::move(host_name)) {}

  const std::string& host() const;
  std::string display() const;  // "http://localhost:8500", "unix:/run/x.sock", "http://a.lab:80 at 10.0.0.1"
};

struct Request {
  std::string method = "GET";
  std::string target = "/";  // path and query, already escaped
  std::map<std::string, std::string> headers;
  std::string body;
};

struct Response {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  bool ok() const { return status >= 200 && status < 300; }
};

// Receives the body in pieces; returning false ends the transfer (not an error).
using BodySink = std::function<bool(std::string_view)>;

// Called once after the header of a 2xx reply, before its body; returning false ends the transfer.
using HeadSink = std::function<bool()>;

// Blocking HTTP client over TCP and unix sockets (libcurl). Keeps its connection between requests. One thread
// at a time. Every HTTP status is a Response; Error{unreachable} if there is no answer or the peer closes the
// connection, Error{timeout} at the deadline, Error{interrupted} on SIGINT; `where` is server.display().
// Proxy settings of the environment are ignored.
class Client {
public:
  explicit Client(Server server);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  const Server& server() const;
  Response send(const Request& request, Deadline deadline);
  // As send(), but a 2xx body goes to the sink instead of Response::body. A sink may throw; it must not use
  // this client.
  Response stream(const Request& request, const BodySink& sink, Deadline deadline,
                  const HeadSink& on_head = {});

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Percent-escapes everything outside RFC 3986's unreserved characters; '/' too unless kept.
std::string escape(std::string_view text, bool keep_slash = false);

}  // namespace labctl::http
