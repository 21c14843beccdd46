#pragma once

#include "agent/file_lock.hpp"
#include "contract/payload.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace labctl::agent {

// Events that wait for their turn, as files of one folder (/deploy/.queue), so that an app's events stay in
// order while different apps do not wait for each other (contract 9.2.11), and nothing is lost when a process
// ends.
//
//     NUMBER-ID.json    an event and the apps it concerns; the number gives the order
//     NUMBER-ID.begun   beside it once a worker has begun it: it is never begun again
//     lock-APP          held by the app's worker
//
// An event is the first of an app when no older one concerns the app. `migrate` concerns two: it may be begun
// when it is the first of both, by the worker of the app that leads (the first in `apps`); the other's worker
// leaves it alone, and since the file stays until the event has ended, nothing newer of either app overtakes
// it. A worker never waits for an event newer than its own, so they cannot wait for each other in a circle.
struct Task {
  std::string name;               // NUMBER-ID
  std::vector<std::string> apps;  // the first leads
  contract::Event event;
  bool begun = false;
};

class EventQueue {
public:
  explicit EventQueue(std::filesystem::path folder);

  const std::filesystem::path& folder() const { return folder_; }

  // Behind all others; nothing if it is there already. Callers take turns (under the lock of events.log).
  void add(const std::vector<std::string>& apps, const contract::Event& event) const;

  // All apps that something waits for.
  std::vector<std::string> apps() const;

  // The app's first event, if its worker may begin it now, or has to clear it away because it was begun by
  // one that died.
  std::optional<Task> next(const std::string& app) const;
  // The app whose worker has to see to this app's first event, if that is another one.
  std::optional<std::string> waits_for(const std::string& app) const;

  void begin(const Task& task) const;
  void finish(const Task& task) const;  // again is fine

  // Who holds it is the app's worker.
  std::optional<FileLock> try_lock(const std::string& app) const;

private:
  std::vector<Task> tasks() const;  // oldest first

  std::filesystem::path folder_;
};

}  // namespace labctl::agent
