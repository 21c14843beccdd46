#pragma once

#include <chrono>

namespace labctl::tunnels {

// Decides from two clocks whether the machine slept or the process was stopped. Reads no clock itself.
class SleepDetector {
public:
  using Duration = std::chrono::nanoseconds;
  struct Reading {
    Duration boot;       // CLOCK_BOOTTIME: goes on while the machine sleeps
    Duration monotonic;  // CLOCK_MONOTONIC: stands still while it sleeps (clock_gettime(2))
  };

  SleepDetector(Reading first, Duration interval) : last_(first), interval_(interval) {}

  // To be called every `interval`. True if more than two seconds of sleep have passed since the last call, or
  // if the call comes more than two intervals late.
  bool woke(Reading now);

private:
  Reading last_;
  Duration interval_;
};

}  // namespace labctl::tunnels
