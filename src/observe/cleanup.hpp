#pragma once

#include "cluster/cluster.hpp"
#include "contract/names.hpp"

#include <string>
#include <vector>

namespace labctl::observe {

struct CleanupReport {
  std::vector<std::string>
      forced;                     // leftovers of destroy that had to be removed by force: "volume V on core1"
  std::vector<std::string> left;  // what still exists
  std::vector<std::string> errors;  // failed looks and removals, and why

  bool clean() const { return left.empty() && errors.empty(); }
};

// Removes one app from the cluster: `destroy` if it is deployed, then everything left of it, on all nodes in
// parallel: service entries (at their own agents), keys, containers, volumes, networks, schedules, clones,
// and its snapshots and built images, which destroy keeps by contract. Does not change any other app. Each
// step runs even if earlier ones failed. Nodes where something was removed are looked at again. If there were
// snapshots, all nodes are looked at again, after transfers in progress have arrived: a snapshot that is
// being read cannot be removed, and one that was read still arrives. Throws only Error{interrupted}; a clean
// cluster costs one look.
CleanupReport clean_up(cluster::Cluster& cluster, const contract::AppName& app);

}  // namespace labctl::observe
