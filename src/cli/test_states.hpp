#pragma once

#include "cluster/cluster.hpp"
#include "runner/result.hpp"

#include <vector>

namespace labctl::cli {

// For each app of a scenario: what `labctl app inspect` would print now. A look that failed is in the text;
// throws what Consul throws.
std::vector<runner::Attachment> states_of_own_apps(cluster::Cluster& cluster);

}  // namespace labctl::cli
