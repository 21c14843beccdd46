#pragma once

#include <atomic>
#include <cstdint>

namespace labctl::ssh {

// Counters of one or several relays. Written by the relays' threads, read by any thread.
struct Traffic {
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> bytes_in{0};
  std::atomic<std::uint64_t> bytes_out{0};
};

}  // namespace labctl::ssh
