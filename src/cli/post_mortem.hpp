#pragma once

#include "cluster/cluster.hpp"
#include "runner/result.hpp"

#include <filesystem>
#include <string>

namespace labctl::cli {

// Removes the post-mortems of an earlier run from a report's folder.
void remove_post_mortems(const std::filesystem::path& report);

// Writes the bundle of a red scenario into the report's folder: what the doctor sees, what the cluster holds
// (observe/post_mortem.hpp), scenario.txt (what is red and why) and waits.log. Returns its path
// relative to that folder. Thread-safe.
std::string save_post_mortem(cluster::Cluster& cluster, const runner::ScenarioResult& so_far,
                             const std::string& waits, const std::filesystem::path& report);

}  // namespace labctl::cli
