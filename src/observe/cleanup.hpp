#pragma once

#include "cluster/cluster.hpp"
#include "contract/names.hpp"

#include <string>
#include <vector>

namespace labctl::observe {

struct CleanupReport {
  std::vector<std::string>
      forced;  // what should have gone by itself and was removed by force: "volume V on core1"
  std::vector<std::string> left;    // what is still there
  std::vector<std::string> errors;  // what could not be looked at or removed, and why

  bool clean() const { return left.empty() && errors.empty(); }
};

// Takes one app off the cluster: `destroy` if it is deployed, then whatever is left of it, on every node at
// once: service entries (at their own agents), keys, containers, volumes, networks, schedules, clones, and
// the snapshots and images built for it, which destroy keeps by contract. Touches nothing of any other app.
// Each step runs whatever happened to those before. Where something was removed is looked again; if there
// were snapshots, on every node, when those that were on their way to another node have arrived: one that is
// being read cannot be removed, and one that was read comes all the same. Throws only Error{interrupted}; a
// clean cluster costs one look.
CleanupReport clean_up(cluster::Cluster& cluster, const contract::AppName& app);

}  // namespace labctl::observe
