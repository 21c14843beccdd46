#pragma once

#include "base/deadline.hpp"
#include "base/endpoint.hpp"
#include "ssh/failure.hpp"
#include "ssh/target.hpp"

#include <chrono>
#include <optional>

namespace labctl::ssh {

// The result of a probe, in the order of its steps. The first failure ends it.
struct ProbeResult {
  std::optional<Failure> login;    // why there is no session
  std::optional<Failure> channel;  // why there is no channel to the remote end
  std::chrono::milliseconds login_time{0};
  std::chrono::microseconds round_trip{0};

  bool ok() const { return !login && !channel; }
};

// Logs in to a node (name, route, host key, credentials) and, if a remote end is given, opens a channel to
// it. Blocks until done or the deadline. Thread-safe.
ProbeResult probe(const Target& target, const std::optional<Endpoint>& remote, Deadline deadline);

}  // namespace labctl::ssh
