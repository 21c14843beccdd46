#pragma once

#include "agent/local_node.hpp"

#include <map>
#include <string>
#include <vector>

namespace labctl::agent {

// Volume -> snapshot. A volume that Docker does not have, or not with the managed driver, is skipped with a
// warning.
using Snapshots = std::map<std::string, std::string>;

// SNAP of the contract for each volume.
Snapshots snapshot_volumes(LocalNode& node, const std::vector<std::string>& volumes);

// SNAP and SEND for all volumes in parallel. Returns when all have arrived; throws the first error after the
// others have ended.
Snapshots send_volumes(LocalNode& node, const std::vector<std::string>& volumes, const std::string& address);

}  // namespace labctl::agent
