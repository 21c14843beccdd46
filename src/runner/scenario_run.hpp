#pragma once

#include "base/error.hpp"
#include "runner/observer.hpp"
#include "runner/result.hpp"
#include "runner/scenario.hpp"
#include "runner/selection.hpp"

#include <functional>
#include <optional>

namespace labctl::runner {

struct ScenarioOptions {
  bool keep = false;  // no cleanup of a scenario that did not pass
  // Asked after a scenario that errored: what is wrong with the cluster itself, if anything. Tells the
  // outcome *unable* from *errored*.
  std::function<std::optional<Error>(Cluster&)> cluster_trouble;
  // Part of the cleanup, after the scenario's own, whatever came of that: throws CheckFailed if something
  // leaked. What it throws counts only if the scenario's own cleanup went well.
  std::function<void(Cluster&)> audit;
  // Called after a cleanup that did not pass, audit included: removes what is left of the scenario's own apps
  // and gives what stays all the same. The cleanup's verdict is what it was.
  std::function<std::vector<std::string>(Cluster&)> sweep;
};

// One scenario from given to cleanup. The rules: the cleanup runs whatever happened before it, also after an
// interrupt; a should that fails does not stop the next; if given goes wrong or because raises an error, no
// should runs. A because that fails by a check has been carried out, with a wrong result: the shoulds judge
// it. Shoulds run in the order that was planned. Throws nothing.
ScenarioResult run_scenario(const Planned& planned, int number, Cluster& cluster, Observer& observer,
                            const ScenarioOptions& options);

// The result of a scenario that could not even begin, told to the observer as any other.
ScenarioResult could_not_begin(const Planned& planned, const Running& run, const std::string& why,
                               Observer& observer);

}  // namespace labctl::runner
