#pragma once

#include "cluster/activity.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>

namespace labctl::cluster {

// A record of what waits on the cluster were for and what each of them saw, for a post-mortem. Thread-safe.
// Limited: when it is full, it loses its oldest lines and says so.
class WaitLog {
public:
  explicit WaitLog(std::size_t most_lines = 5000) : most_lines_(most_lines) {}

  void add(const Happening& happening);
  void add(const std::string& line);
  // One line each: "    12.3 s  core1  log_line  ...", seconds since this object was created.
  std::string text() const;

private:
  using Clock = std::chrono::steady_clock;

  std::size_t most_lines_;
  Clock::time_point start_ = Clock::now();
  mutable std::mutex mutex_;
  std::deque<std::string> lines_;
  std::size_t lost_ = 0;
};

}  // namespace labctl::cluster
