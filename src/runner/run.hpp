#pragma once

#include "cluster/slot.hpp"
#include "runner/observer.hpp"
#include "runner/result.hpp"
#include "runner/scenario_run.hpp"
#include "runner/selection.hpp"
#include "runner/stock.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace labctl::runner {

struct RunOptions {
  bool fail_fast = false;  // start nothing after the first scenario that did not pass
  bool keep = false;       // no cleanup of a scenario that did not pass
  int jobs = 1;            // scenarios at the same time; more than 1 only with a tag and as many ports
  std::string tag;         // run_tag(): what the marks of the slots begin with; empty: plain slots
  std::vector<std::uint16_t> ssh_ports;  // for the slots; empty: each the inventory's
  // As ScenarioOptions has them; a lost cluster ends the run. Called in the scenario's thread, with its
  // cluster.
  std::function<std::optional<Error>(Cluster&)> cluster_trouble;
  std::function<std::vector<std::string>(Cluster&)> sweep;
  // Everything the cluster has. Taken before the first scenario and after the cleanup of each, whose cleanup
  // fails if something of it is new; see Audit. Where no scenario could be blamed, RunResult::leaked has it.
  // Called in several threads. Empty: no audit.
  std::function<Stock(Cluster&)> take_stock;
};

// A cluster of its own for each scenario, as a Cluster serves one thread. Called in several threads.
using MakeCluster = std::function<std::unique_ptr<Cluster>(const cluster::Slot&)>;

// The whole plan, each scenario in a thread of its own, started as Schedule says. An interrupt ends it after
// the cleanups of the scenarios under way. The observer is told in those threads, one call at a time.
RunResult run_plan(const std::vector<Planned>& plan, const MakeCluster& make_cluster, Observer& observer,
                   const RunOptions& options);

}  // namespace labctl::runner
