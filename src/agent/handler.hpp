#pragma once

#include "agent/deployment.hpp"
#include "agent/migration.hpp"
#include "agent/settings.hpp"
#include "agent/worker.hpp"

#include <string_view>

namespace labctl::agent {

// Takes what a Consul event watch gives on stdin and returns at once: each event is written to events.log,
// put into its app's queue, and workers of their own handle the queues (contract 9.2.11; worker.hpp). An
// unknown event whose payload names an app waits for its turn like the others; one without is told in the log
// right here, as is an event whose payload does not read. Workers are started for what an earlier run left in
// the queue, too. Returns how many events could not be taken.
int take_batch(const Settings& settings, std::string_view batch, const Handle& handle,
               const Handle& undo = {});

// What is done for each step of each event.
struct Tables {
  StepTable deployment;  // and of a destroy
  MigrationTable migration;
};

// Carries out one event; what fails is in the log.
void handle_event(const Settings& settings, const Task& task, const Tables& tables = {});

// After the process of an event died: brings back what it has stopped, as far as it is still this node's to
// serve.
void undo_event(const Settings& settings, const Task& task);

}  // namespace labctl::agent
