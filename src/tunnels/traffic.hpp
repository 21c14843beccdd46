#pragma once

#include <atomic>
#include <cstdint>

namespace labctl::tunnels {

// What went through a forward. Written by the threads of the nodes that carry it, read by the supervisor's.
struct Traffic {
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> bytes_in{0};
  std::atomic<std::uint64_t> bytes_out{0};
};

}  // namespace labctl::tunnels
