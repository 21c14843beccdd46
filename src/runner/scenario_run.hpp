#pragma once

#include "base/error.hpp"
#include "runner/observer.hpp"
#include "runner/result.hpp"
#include "runner/scenario.hpp"
#include "runner/selection.hpp"

#include <chrono>
#include <functional>
#include <optional>

namespace labctl::runner {

struct ScenarioOptions {
  bool keep = false;  // no cleanup of a scenario that did not pass
  // Called after a scenario that errored: returns the problem of the cluster itself, if any. Distinguishes
  // *unable* from *errored*.
  std::function<std::optional<Error>(Cluster&)> cluster_trouble;
  // Part of the cleanup, after the scenario's own, even if that failed: throws CheckFailed if something
  // leaked. Its exception counts only if the scenario's own cleanup passed.
  std::function<void(Cluster&)> audit;
  // Called after a cleanup (or its audit) that did not pass: removes the leftovers of the scenario's own apps
  // and returns what could not be removed. The cleanup's verdict does not change.
  std::function<std::vector<std::string>(Cluster&)> sweep;
  // Called once for a scenario that is red, before anything is cleaned up (if only the cleanup is red, after
  // it): saves what the cluster holds, and `waits`, what its waits saw (cluster/wait_log.hpp). Returns the
  // value of ScenarioResult::post_mortem.
  std::function<std::string(Cluster&, const ScenarioResult& so_far, const std::string& waits)> post_mortem;
  // Called for a scenario that is red, before its cleanup: the state of its apps, for the report.
  std::function<std::vector<Attachment>(Cluster&)> states;
  // When the run began: the report's times count from it.
  std::chrono::steady_clock::time_point run_began = std::chrono::steady_clock::now();
};

// Runs one scenario from given to cleanup. The cleanup always runs, even after an interrupt. A should that
// fails does not stop the next. If given fails or because throws an Error, no should runs. A because that
// fails by a check was executed with a wrong result: the shoulds judge it. Shoulds run in the planned order.
// Throws nothing.
ScenarioResult run_scenario(const Planned& planned, int number, Cluster& cluster, Observer& observer,
                            const ScenarioOptions& options);

// The result of a scenario that could not begin; reported to the observer like any other.
ScenarioResult could_not_begin(const Planned& planned, const Running& run, const std::string& why,
                               Observer& observer, std::chrono::steady_clock::time_point run_began);

}  // namespace labctl::runner
