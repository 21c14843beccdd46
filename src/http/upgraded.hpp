#pragma once

#include "base/deadline.hpp"
#include "http/client.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace labctl::http {

// A connection that has left HTTP for bytes both ways (RFC 9110, 7.8). One thread at a time. All that waits
// ends with Error{timeout} at its deadline and Error{interrupted} on SIGINT or in a StopScope that is
// stopped.
class Upgraded {
public:
  // Sends the request with an offer to go on in `protocol` and reads the head of the reply.
  Upgraded(const Server& server, const Request& request, const std::string& protocol, Deadline deadline);
  ~Upgraded();
  Upgraded(Upgraded&&) noexcept;

  // Status 101: the connection is ours. Any other is an answer with its body, and nothing can be written or
  // read.
  const Response& reply() const;

  // Error{unreachable} if the peer has gone.
  void write(std::string_view bytes, Deadline deadline);
  // What has come, at least a byte; "" when the peer has closed its end.
  std::string read(Deadline deadline);
  // Whether the peer has neither closed its end nor sent what was not read yet.
  bool quiet() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace labctl::http
