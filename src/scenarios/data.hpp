#pragma once

#include "runner/scenario.hpp"
#include "scenarios/steps.hpp"

#include <set>
#include <string>
#include <vector>

// Checks of the data that given created (Placed::seeded), after a deployment.
namespace labctl::scenarios {

// Everything that the last look found of the app on a node, as text; snapshots only on request.
std::set<std::string> belongings(Placed& s, const std::string& node, bool snapshots);

// The record through every node's proxy, its file on the master, and the file by ssh.
runner::Block<Placed> data_kept(const std::string& master);
// Only the record: its file was in no managed volume.
runner::Block<Placed> record_kept();
runner::Block<Placed> file_absent(const std::string& master);

// A local volume stays on its node, and is removed when the app moves away.
runner::Block<Placed> cache_kept(const std::string& master);
runner::Block<Placed> cache_gone(const std::string& master);

// Only snapshots on a node that the app left; nothing at all on nodes where it never was.
runner::Block<Placed> left_empty(const std::string& node);
runner::Block<Placed> uninvolved(const std::vector<std::string>& nodes);

}  // namespace labctl::scenarios
