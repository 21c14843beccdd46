#pragma once

#include "agent/event_queue.hpp"
#include "agent/events_log.hpp"

#include <functional>
#include <string>

namespace labctl::agent {

// Handles one event, in its own process; logs failures.
using Handle = std::function<void(const QueuedEvent&)>;

// Shared by workers: each of their processes has a copy.
struct Workshop {
  EventQueue queue;
  EventsLog log;
  Handle handle;
  Handle undo;  // cleans up after an event whose process died; may be empty
};

// Ensures that a worker of the app runs: a detached process in its own session that inherits only the log
// file. It handles the app's queued events one after another until there is none that it may begin. If a
// worker is already running, the new one ends at once: the lock holder reads the queue once more after it has
// released the app's lock, so an event that was added before this call is never missed.
//
// Each event runs in a child of the worker. If the child dies, the worker logs an error that names app and
// event, undoes the event and continues with the next one; if the worker dies too, the next worker of the app
// does that. An event that was begun is never begun again.
void start_worker(const Workshop& shop, const std::string& app);

}  // namespace labctl::agent
