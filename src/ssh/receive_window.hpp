#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace labctl::ssh {

// How large the receive window of one channel may be, in bytes (RFC 4254, section 5.2). The peer sends at
// most one window in each round trip, so a window of fixed size limits every stream from a peer that is far
// away. This one grows while the local client takes all that comes, and the windows follow each other at the
// pace of the round trips. It does not grow for a peer that is near, nor for a client that is slow, whose
// unread data must not fill the memory.
class ReceiveWindow {
public:
  using Clock = std::chrono::steady_clock;

  static constexpr std::uint32_t first = 2 * 1024 * 1024;
  static constexpr std::uint32_t most = 16 * 1024 * 1024;

  // The client took `bytes`. `round_trip` is that of the session. True if the limit has grown.
  bool taken(std::size_t bytes, Clock::duration round_trip, Clock::time_point now = Clock::now());

  std::uint32_t limit() const { return limit_; }

private:
  std::uint32_t limit_ = first;
  std::size_t taken_ = 0;         // of the present window
  Clock::time_point since_ = {};  // when the first byte of it was taken
};

}  // namespace labctl::ssh
