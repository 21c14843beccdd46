#pragma once

#include "agent/file_lock.hpp"
#include "contract/payload.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace labctl::agent {

// Queued events, as files in one folder (/deploy/.queue). The events of one app stay in order, different apps
// do not wait for each other (contract 9.2.11), and nothing is lost when a process ends.
//
//     NUMBER-ID.json    an event and the apps it concerns; the number gives the order
//     NUMBER-ID.begun   added when a worker begins it: it is never begun again
//     lock-APP          held by the app's worker
//
// An event is the first of an app when no older one concerns the app. `migrate` concerns two apps: it may
// begin when it is the first of both, and the worker of the leading app (the first in `apps`) runs it; the
// other worker skips it. The file stays until the event has ended, so no newer event of either app overtakes
// it. A worker never waits for an event newer than its own, so there is no deadlock.
struct QueuedEvent {
  std::string name;               // NUMBER-ID
  std::vector<std::string> apps;  // the first leads
  contract::UserEvent event;
  bool begun = false;
};

class EventQueue {
public:
  explicit EventQueue(std::filesystem::path folder);

  const std::filesystem::path& folder() const { return folder_; }

  // Appends the event; does nothing if it is queued already. Callers must hold the lock of events.log.
  void add(const std::vector<std::string>& apps, const contract::UserEvent& event) const;

  // All apps with queued events.
  std::vector<std::string> apps() const;

  // The app's first event, if its worker may begin it now, or must clean it up because the worker that began
  // it died.
  std::optional<QueuedEvent> next(const std::string& app) const;
  // The app whose worker must run this app's first event, if that is another app.
  std::optional<std::string> waits_for(const std::string& app) const;

  void begin(const QueuedEvent& task) const;
  void finish(const QueuedEvent& task) const;  // may be repeated

  // The holder of this lock is the app's worker.
  std::optional<FileLock> try_lock(const std::string& app) const;

private:
  std::vector<QueuedEvent> tasks() const;  // oldest first

  std::filesystem::path folder_;
};

}  // namespace labctl::agent
