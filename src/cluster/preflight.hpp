#pragma once

#include "cluster/cluster.hpp"

namespace labctl::cluster {

// Asks, all at once, whether Consul has a leader and every node's engine and Consul container answer. Throws
// the first trouble in the order Consul, nodes, with the node in `where`; returns if there is none. A dead
// peer costs at most 5 s.
void require_ready(Cluster& cluster);

}  // namespace labctl::cluster
