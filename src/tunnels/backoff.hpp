#pragma once

#include "ssh/failure.hpp"

#include <chrono>
#include <optional>
#include <random>

namespace labctl::tunnels {

// Decides when a lost SSH session is tried again. Does no I/O and reads no clock: the caller passes `now`.
class Backoff {
public:
  using Clock = std::chrono::steady_clock;
  struct Policy {
    Clock::duration first = std::chrono::milliseconds(200);
    Clock::duration longest = std::chrono::seconds(30);
    Clock::duration stable_after = std::chrono::seconds(60);
    // For what a person has to repair.
    Clock::duration repair_first = std::chrono::seconds(10);
    int repair_tries = 6;  // then it is given up; the last one is some five minutes after the first
    double jitter = 0;  // the share of a wait that is left to chance, so that nodes do not come all at once
  };

  Backoff() : Backoff(Policy{}) {}
  explicit Backoff(Policy policy) : policy_(policy) {}

  // The attempt failed or the session ended. Each failure doubles the wait, up to the longest; a session that
  // was stable starts anew at the first. What time does not cure (host keys, our keys, the agent) is tried a
  // few times only, far apart: a node that boots gets its time, and nobody is banned for knocking all night.
  // A second factor ends the retries at once.
  void lost(ssh::Cause cause, Clock::time_point now);
  void connected(Clock::time_point now);
  // Somebody asked for an attempt: forgets the past, refusals too.
  void reset();

  // Time until the next attempt, zero when it is due; nullopt while connected or given up.
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
};

}  // namespace labctl::tunnels
