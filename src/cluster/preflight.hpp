#pragma once

#include "cluster/cluster.hpp"

namespace labctl::cluster {

// Checks in parallel that Consul has a leader and that every node's engine and Consul container answer.
// Throws the first problem in the order Consul, nodes, with the node in `where`. A dead peer takes at most 5
// s.
void require_ready(Cluster& cluster);

}  // namespace labctl::cluster
