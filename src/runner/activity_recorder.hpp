#pragma once

#include "cluster/activity.hpp"
#include "runner/result.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace labctl::runner {

// Collects what a scenario's waits see on the cluster: the events that it fires, the work of each node's
// handler on them, the maintenance window, and what the handlers log. Thread-safe: waits can run in parallel.
class ActivityRecorder {
public:
  using Clock = std::chrono::steady_clock;

  // `mark`: of the scenario's slot; log lines about it contain it. "": no other scenario runs, so every line
  // is about it.
  ActivityRecorder(Clock::time_point run_began, std::string mark);

  // A happening of the cluster's listener, now.
  void note(const cluster::Happening& happening, Clock::time_point now);

  std::vector<Activity> activities() const;  // by their beginning
  // By node, the last lines that its handler logged about the scenario.
  std::vector<Attachment> logs() const;

private:
  // Places in activities_.
  using Place = std::size_t;

  void note_line(const std::string& node, const std::string& line, std::chrono::milliseconds at);
  void note_maintenance(bool on, std::chrono::milliseconds at);
  bool concerns(const std::string& line) const;

  Clock::time_point run_began_;
  std::string mark_;
  mutable std::mutex mutex_;  // protects everything below
  std::vector<Activity> activities_;
  std::set<std::string> fired_;                                   // ids
  std::map<std::pair<std::string, std::string>, Place> working_;  // by node and event
  std::optional<Place> maintenance_;                              // the current window
  std::map<std::string, std::vector<std::string>> logged_;
};

}  // namespace labctl::runner
