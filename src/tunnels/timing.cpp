#include "tunnels/timing.hpp"

#include <algorithm>

namespace labctl::tunnels {
namespace {

// After connection and handshake, for the keys.
constexpr std::chrono::seconds to_authenticate{5};

}  // namespace

Timing Timing::adapted(const ssh::Target& target) const {
  Timing timing = *this;
  if (target.connect_timeout > 0) {
    timing.login = std::max<std::chrono::milliseconds>(
        login, std::chrono::seconds(target.connect_timeout) + to_authenticate);
  }
  if (target.alive_interval > 0) {
    timing.silence_asked = std::chrono::seconds(target.alive_interval);
    timing.silence_lost = timing.silence_asked * (std::max(target.alive_count, 1) + 1);
  }
  return timing;
}

}  // namespace labctl::tunnels
