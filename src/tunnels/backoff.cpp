#include "tunnels/backoff.hpp"

#include <algorithm>

namespace labctl::tunnels {

void Backoff::lost(ssh::Cause cause, Clock::time_point now) {
  const bool was_stable = connected_since_ && now - *connected_since_ >= policy_.stable_after;
  connected_since_.reset();
  if (cause == ssh::Cause::key_refused || cause == ssh::Cause::second_factor) {
    given_up_ = true;
    return;
  }
  if (cause == ssh::Cause::stopped) {  // we ended it ourselves
    due_ = now;
    return;
  }
  const bool first = was_stable || wait_ == Clock::duration::zero();
  wait_ = first ? policy_.first : std::min(wait_ * 2, policy_.longest);
  due_ = now + wait_;
}

void Backoff::connected(Clock::time_point now) {
  connected_since_ = now;
  given_up_ = false;
}

void Backoff::reset() {
  wait_ = Clock::duration::zero();
  due_ = {};
  given_up_ = false;
}

std::optional<Backoff::Clock::duration> Backoff::next_attempt(Clock::time_point now) const {
  if (given_up_ || connected_since_) return std::nullopt;
  return std::max(due_ - now, Clock::duration::zero());
}

}  // namespace labctl::tunnels
