#pragma once

#include "cluster/cluster.hpp"
#include "cluster/names.hpp"

#include <string>
#include <vector>

namespace labctl::cluster {

struct CleanupReport {
  std::vector<std::string>
      forced;  // what should have gone by itself and was removed by force: "volume V on core1"
  std::vector<std::string> left;    // what is still there
  std::vector<std::string> errors;  // what could not be looked at or removed, and why

  bool clean() const { return left.empty() && errors.empty(); }
};

// Takes one app off the cluster: `destroy` if it is deployed, then whatever is left of it, on every node: service
// entries (at their own agents), keys, containers, volumes, networks, schedules, clones, and the snapshots, which
// destroy keeps by contract. Touches nothing of any other app. Each step runs whatever happened to those before, then
// everything is looked at again. Throws only Error{interrupted}; a clean cluster costs one look.
// `volume_keys`: the app's managed volumes ("dbdata"), for their snapshots.
CleanupReport clean_up(Cluster& cluster, const AppName& app, const std::vector<std::string>& volume_keys);

// What the cluster has of the app, in words; what could not be looked at goes to `errors`.
CleanupReport audit(Cluster& cluster, const AppName& app, const std::vector<std::string>& volume_keys);

// Apps of the repository that KV knows: what a run that was killed left deployed.
std::vector<AppName> deployed_apps(Cluster& cluster, const std::string& repo);

}  // namespace labctl::cluster
