#pragma once

#include "runner/scenario.hpp"
#include "scenarios/steps.hpp"

#include <map>
#include <set>
#include <string>

// Snapshots: they prove that data was kept or sent.
namespace labctl::scenarios {

// The old master keeps its snapshots, and the new master has those that the old one recorded as sent last.
runner::Block<Placed> sent(const std::string& from, const std::string& to);

// By volume: the snapshots of a node at a look that were not in `before`; without the copies that track what
// was sent.
using NewSnapshots = std::map<std::string, std::set<std::string>>;
NewSnapshots new_snapshots(const observe::Observation& now, const Placed& s, const std::string& node);

// Waits until the scheduler of the volume plugin has created, or received on a slave, a snapshot of each
// managed volume on the node that was not in `before` (any, without `before`); at most three passes.
// CheckFailed if they do not appear.
void await_snapshots(Cluster& c, const Placed& s, const std::string& node);

// Waits until `to` has received a new snapshot of each managed volume, and `from` has noted that it sent it.
// The plugin notes that when the transfer has ended, later than `to` has the snapshot. At most three passes;
// CheckFailed.
void await_replicated(Cluster& c, const Placed& s, const std::string& from, const std::string& to);

// Waits for the first snapshot of each volume that the node's schedule copies hourly, by plain snapshots or
// to a slave. After it the plugin creates no scheduled snapshot for an hour, even if the schedule is set
// again. So a new snapshot is from a deployment, and only that one contains data written from now on.
void await_scheduled_snapshots(Cluster& c, const Placed& s, const std::string& node);

}  // namespace labctl::scenarios
