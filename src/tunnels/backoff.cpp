#include "tunnels/backoff.hpp"

#include <algorithm>

namespace labctl::tunnels {

using ssh::Cause;

bool needs_a_person(Cause cause) {
  switch (cause) {
    case Cause::host_key_unknown:
    case Cause::host_key_changed:
    case Cause::host_key_revoked:
    case Cause::identity_missing:
    case Cause::identity_too_open:
    case Cause::identity_encrypted:
    case Cause::identity_invalid:
    case Cause::key_refused:
    case Cause::key_not_tried:
    case Cause::second_factor:
    case Cause::agent_silent:
      return true;
    default:
      return false;
  }
}

void Backoff::lost(Cause cause, Clock::time_point now) {
  const bool was_stable = connected_since_ && now - *connected_since_ >= policy_.stable_after;
  connected_since_.reset();
  waits_for_person_ = needs_a_person(cause);
  if (cause == Cause::stopped) {  // we ended it ourselves
    due_ = now;
    return;
  }
  if (waits_for_person_) {
    wait_for(policy_.repair_first * (1 << std::min(repair_tries_, 16)), now);
    given_up_ = cause == Cause::second_factor || ++repair_tries_ >= policy_.repair_tries;
    return;
  }
  const bool first = was_stable || wait_ == Clock::duration::zero();
  wait_ = first ? policy_.first : std::min(wait_ * 2, policy_.longest);
  wait_for(wait_, now);
}

void Backoff::wait_for(Clock::duration wait, Clock::time_point now) {
  const double share = std::uniform_real_distribution(-policy_.jitter, policy_.jitter)(chance_);
  due_ = now + wait + std::chrono::duration_cast<Clock::duration>(wait * share);
}

void Backoff::connected(Clock::time_point now) {
  connected_since_ = now;
  given_up_ = false;
  repair_tries_ = 0;
}

void Backoff::hurry(Clock::time_point now) {
  if (!waits_for_person_ && !connected_since_) due_ = std::min(due_, now);
}

void Backoff::reset() {
  waits_for_person_ = false;
  wait_ = Clock::duration::zero();
  due_ = {};
  repair_tries_ = 0;
  given_up_ = false;
}

std::optional<Backoff::Clock::duration> Backoff::next_attempt(Clock::time_point now) const {
  if (given_up_ || connected_since_) return std::nullopt;
  return std::max(due_ - now, Clock::duration::zero());
}

}  // namespace labctl::tunnels
