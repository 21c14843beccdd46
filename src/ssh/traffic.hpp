#pragma once

#include <atomic>
#include <cstdint>

namespace labctl::ssh {

// What went through one or several relays. Written by the threads that carry them, read by any.
struct Traffic {
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> bytes_in{0};
  std::atomic<std::uint64_t> bytes_out{0};
};

}  // namespace labctl::ssh
