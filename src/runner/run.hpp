#pragma once

#include "base/error.hpp"
#include "runner/result.hpp"
#include "runner/scenario.hpp"
#include "runner/selection.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace labctl::runner {

// Told what happens as it happens, in the runner's thread. Virtual: the console writes it, tests record it.
class Observer {
public:
  virtual ~Observer() = default;
  virtual void scenario_begins(const Scenario& scenario, int attempt) = 0;
  virtual void step_begins(Phase phase, const Step& step) = 0;
  virtual void step_ends(const StepResult& result) = 0;
  virtual void scenario_ends(const ScenarioResult& result) = 0;
};

struct RunOptions {
  bool fail_fast = false;  // stop after the first scenario that did not pass
  bool keep = false;       // no cleanup of a scenario that did not pass
  // Asked after a scenario that errored: what is wrong with the cluster itself, if anything. Tells the outcome
  // *unable* from *errored*, and ends the run.
  std::function<std::optional<Error>()> cluster_trouble;
};

// One scenario from given to cleanup. The rules: the cleanup runs whatever happened before it, also after an interrupt;
// a should that fails does not stop the next; if given goes wrong or because raises an error, no should runs. A because
// that fails by a check has been carried out, with a wrong result: the shoulds judge it. Throws nothing.
ScenarioResult run_scenario(const Scenario& scenario, int attempt, Cluster& cluster, Observer& observer,
                            const RunOptions& options);

// The whole plan, one scenario after another. An interrupt ends it after the cleanup of the scenario under way.
RunResult run_plan(const std::vector<Planned>& plan, Cluster& cluster, Observer& observer,
                   const RunOptions& options);

}  // namespace labctl::runner
