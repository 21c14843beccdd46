#pragma once

#include "agent/deployment.hpp"
#include "agent/migration.hpp"
#include "agent/settings.hpp"
#include "agent/worker.hpp"

#include <string_view>

namespace labctl::agent {

// Accepts the stdin of a Consul event watch and returns at once: each event is written to events.log and put
// into its app's queue; separate worker processes handle the queues (contract 9.2.11; worker.hpp). An unknown
// event whose payload names an app is queued like the others; an unknown event without an app, or with a
// malformed payload, is logged here. Also starts workers for events that an earlier run left in the queue.
// Returns how many events could not be accepted.
int take_batch(const Settings& settings, std::string_view batch, const Handle& handle,
               const Handle& undo = {});

// The actions for each step of each event.
struct Tables {
  StepTable deployment;  // and of a destroy
  MigrationTable migration;
};

// Executes one event; logs failures.
void handle_event(const Settings& settings, const QueuedEvent& task, const Tables& tables = {});

// After the process of an event died: starts again what it stopped, if this node still has to serve it.
void undo_event(const Settings& settings, const QueuedEvent& task);

}  // namespace labctl::agent
