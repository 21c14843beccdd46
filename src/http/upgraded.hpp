#pragma once

#include "base/deadline.hpp"
#include "http/client.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace labctl::http {

// A connection that was upgraded from HTTP to a two-way byte stream (RFC 9110, 7.8). One thread at a time.
// Every wait ends with Error{timeout} at its deadline, and with Error{interrupted} on SIGINT or in a stopped
// StopScope.
class Upgraded {
public:
  // Sends the request with an upgrade to `protocol` and reads the header of the reply.
  Upgraded(const Server& server, const Request& request, const std::string& protocol, Deadline deadline);
  ~Upgraded();
  Upgraded(Upgraded&&) noexcept;

  // Status 101: upgraded. Any other status is a normal reply with its body; then nothing can be written or
  // read.
  const Response& reply() const;

  // Error{unreachable} if the peer has closed the connection.
  void write(std::string_view bytes, Deadline deadline);
  // The received bytes, at least one; "" when the peer has closed its end.
  std::string read(Deadline deadline);
  // True if the peer has not closed its end and there is no unread data.
  bool quiet() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace labctl::http
