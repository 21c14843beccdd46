#pragma once

#include "ssh/failure.hpp"

#include <chrono>
#include <optional>
#include <random>

namespace labctl::tunnels {

// Errors that time does not fix: host keys, login keys, the agent.
bool needs_a_person(ssh::Cause cause);

// Decides when to reconnect a lost SSH session. Does no I/O and reads no clock: the caller passes `now`.
class Backoff {
public:
  using Clock = std::chrono::steady_clock;
  struct Policy {
    Clock::duration first = std::chrono::milliseconds(200);
    Clock::duration longest = std::chrono::seconds(30);
    Clock::duration stable_after = std::chrono::seconds(60);
    // For errors that the user must fix.
    Clock::duration repair_first = std::chrono::seconds(10);
    int repair_tries = 6;  // then it gives up; the last try is about five minutes after the first
    double jitter = 0;     // random share of a wait, so that nodes do not reconnect at the same time
  };

  Backoff() : Backoff(Policy{}) {}
  explicit Backoff(Policy policy) : policy_(policy) {}

  // The attempt failed or the session ended. Each failure doubles the wait, up to `longest`; after a stable
  // session it starts again with `first`. Errors that time does not fix (host keys, login keys, the agent)
  // are retried only a few times, at long intervals: a booting node gets enough time, and endless retries
  // could get us banned. A second factor ends the retries at once.
  void lost(ssh::Cause cause, Clock::time_point now);
  void connected(Clock::time_point now);
  // The network has changed: the next attempt is due now, but a failure makes the wait longer as before. Has
  // no effect on waits for a person.
  void hurry(Clock::time_point now);
  // A caller requested an attempt: forgets all earlier failures.
  void reset();

  // Time until the next attempt, zero when it is due; nullopt while connected or after giving up.
  std::optional<Clock::duration> next_attempt(Clock::time_point now) const;
  bool given_up() const { return given_up_; }

private:
  void wait_for(Clock::duration wait, Clock::time_point now);

  Policy policy_;
  std::minstd_rand chance_{std::random_device{}()};
  int repair_tries_ = 0;
  Clock::duration wait_{0};
  Clock::time_point due_{};
  std::optional<Clock::time_point> connected_since_;
  bool given_up_ = false;
  bool waits_for_person_ = false;
};

}  // namespace labctl::tunnels
