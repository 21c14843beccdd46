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
  int jobs = 1;            // scenarios in parallel; more than 1 only with a tag and as many ports
  std::string tag;         // run_tag(): the prefix of the slots' marks; empty: plain slots
  std::vector<std::uint16_t> ssh_ports;  // for the slots; empty: all use the inventory's
  // As in ScenarioOptions; a lost cluster ends the run. Called in the scenario's thread, with its cluster.
  std::function<std::optional<Error>(Cluster&)> cluster_trouble;
  std::function<std::vector<std::string>(Cluster&)> sweep;
  std::function<std::string(Cluster&, const ScenarioResult&, const std::string& waits)> post_mortem;
  std::function<std::vector<Attachment>(Cluster&)> states;
  // Everything on the cluster. Taken before the first scenario and after the cleanup of each scenario; the
  // cleanup fails if something is new; see Audit. New things that cannot be attributed to a scenario go to
  // RunResult::leaked. Called in several threads. Empty: no audit.
  std::function<StockLines(Cluster&)> take_stock;
};

// Creates a Cluster for each scenario, because a Cluster serves one thread. Called in several threads.
using MakeCluster = std::function<std::unique_ptr<Cluster>(const cluster::Slot&)>;

// Runs the whole plan, each scenario in its own thread, started in the order of RunOrder. An interrupt ends
// it after the cleanups of the running scenarios. The observer is called in those threads, one call at a
// time.
RunResult run_plan(const std::vector<Planned>& plan, const MakeCluster& make_cluster, Observer& observer,
                   const RunOptions& options);

}  // namespace labctl::runner
