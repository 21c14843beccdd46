#pragma once

#include "runner/scenario.hpp"
#include "scenarios/steps.hpp"

#include <map>
#include <set>
#include <string>

// Snapshots: the proof that data was kept or sent.
namespace labctl::scenarios {

// The old master keeps its snapshots, and what it says it sent last is on the new master.
runner::Block<Placed> sent(const std::string& from, const std::string& to);

// By volume: the names of what a node had at a look that it did not have in `before`; without the copies that
// track what was sent.
using NewSnapshots = std::map<std::string, std::set<std::string>>;
NewSnapshots new_snapshots(const observe::Observation& now, const Placed& s, const std::string& node);

// Waits until the scheduler of the volume plugin has given a node a snapshot of each managed volume that it
// did not have in `before` (any, without `before`); at most three passes. CheckFailed if they do not come.
void await_snapshots(Cluster& c, const Placed& s, const std::string& node);

// Waits for the first snapshot of each volume that the node's schedule copies hourly, by plain snapshots or
// to a slave. From then on the plugin makes none of its own for an hour, also when the schedule is set anew:
// a new one is a deployment's, and what is written now is in no other.
void await_scheduled_snapshots(Cluster& c, const Placed& s, const std::string& node);

}  // namespace labctl::scenarios
