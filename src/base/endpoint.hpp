#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace labctl {

// Where somebody listens: a TCP address or a unix socket.
struct Endpoint {
  std::string host;        // TCP; a name or an address
  std::uint16_t port = 0;  // TCP
  std::string path;        // unix socket; absolute. "": TCP

  static Endpoint unix_socket(std::string path) { return {{}, 0, std::move(path)}; }
  bool is_unix_socket() const { return !path.empty(); }

  bool operator==(const Endpoint&) const = default;
};

// "HOST:PORT", "[V6]:PORT" or an absolute path. Error{invalid} otherwise.
Endpoint parse_endpoint(const std::string& text);
std::string to_string(const Endpoint& endpoint);
// "http://[::1]:8500"; "unix:///run/docker.sock", whatever the scheme.
std::string url(const Endpoint& endpoint, const std::string& tcp_scheme);

}  // namespace labctl
