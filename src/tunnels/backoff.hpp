#pragma once

#include "ssh/failure.hpp"

#include <chrono>
#include <optional>

namespace labctl::tunnels {

// Decides when a lost SSH session is tried again. Does no I/O and reads no clock: the caller passes `now`.
class Backoff {
public:
  using Clock = std::chrono::steady_clock;
  struct Policy {
    Clock::duration first = std::chrono::milliseconds(200);
    Clock::duration longest = std::chrono::seconds(30);
    Clock::duration stable_after = std::chrono::seconds(60);
  };

  Backoff() : Backoff(Policy{}) {}
  explicit Backoff(Policy policy) : policy_(policy) {}

  // The attempt failed or the session ended. Refused credentials end the retries: trying again could lock the
  // account. Other causes double the wait, up to the longest; a session that was stable starts anew at the
  // first.
  void lost(ssh::Cause cause, Clock::time_point now);
  void connected(Clock::time_point now);
  // Somebody asked for an attempt: forgets the past, refusals too.
  void reset();

  // Time until the next attempt, zero when it is due; nullopt while connected or given up.
  std::optional<Clock::duration> next_attempt(Clock::time_point now) const;
  bool given_up() const { return given_up_; }

private:
  Policy policy_;
  Clock::duration wait_{0};
  Clock::time_point due_{};
  std::optional<Clock::time_point> connected_since_;
  bool given_up_ = false;
};

}  // namespace labctl::tunnels
