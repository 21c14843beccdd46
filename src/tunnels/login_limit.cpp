#include "tunnels/login_limit.hpp"

#include <algorithm>

namespace labctl::tunnels {

LoginLimit::Clock::time_point LoginLimit::reserve(Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  const auto reserved = std::max(full_at_, now);
  full_at_ = reserved + policy_.interval;
  return std::max(now, full_at_ - policy_.interval * policy_.at_once);
}

void LoginLimit::settle(int reached) {
  const std::scoped_lock lock(mutex_);
  full_at_ += policy_.interval * (reached - 1);
}

void LoginLimit::renew() {
  const std::scoped_lock lock(mutex_);
  full_at_ = {};
}

}  // namespace labctl::tunnels
