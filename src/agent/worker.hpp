#pragma once

#include "agent/event_queue.hpp"
#include "agent/events_log.hpp"

#include <functional>
#include <string>

namespace labctl::agent {

// Handles one event, in a process of its own; logs what fails.
using Handle = std::function<void(const Task&)>;

// What workers share: copies of it go into each of their processes.
struct Workshop {
  EventQueue queue;
  EventsLog log;
  Handle handle;
  Handle undo;  // what an event leaves whose process died; may be empty
};

// Sees to it that a worker of the app runs: a detached process in a session of its own, with nothing of ours
// but the log file, that handles the app's queued events one after another until there are none it may begin.
// If one is at work already, the new one ends at once: whoever holds the app's lock looks at the queue once
// more after having let go of it, so an event that was added before this call is never overlooked.
//
// Each event gets a child of the worker. If that dies on the way, the worker logs an error that names app and
// event, has it undone and goes on with the next one; if the worker dies too, the next worker of the app does
// so. An event that was begun is never begun again.
void start_worker(const Workshop& shop, const std::string& app);

}  // namespace labctl::agent
