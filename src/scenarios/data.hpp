#pragma once

#include "runner/scenario.hpp"
#include "scenarios/steps.hpp"

#include <set>
#include <string>
#include <vector>

// What became of the data that given left (Placed::seeded) after a deployment.
namespace labctl::scenarios {

// Everything that the last look saw of the app on a node, in words; snapshots only if asked for.
std::set<std::string> belongings(Placed& s, const std::string& node, bool snapshots);

// The record through every node's proxy, its file on the master, and the file by ssh.
runner::Block<Placed> data_kept(const std::string& master);
// The record alone: its file was in no volume of the plugin.
runner::Block<Placed> record_kept();
runner::Block<Placed> file_absent(const std::string& master);

// A local volume stays with its node, and goes when the app moves away.
runner::Block<Placed> cache_kept(const std::string& master);
runner::Block<Placed> cache_gone(const std::string& master);

// Nothing of the app but snapshots on a node that it left; nothing at all where it never was.
runner::Block<Placed> left_empty(const std::string& node);
runner::Block<Placed> uninvolved(const std::vector<std::string>& nodes);

}  // namespace labctl::scenarios
