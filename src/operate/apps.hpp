#pragma once

#include "cluster/cluster.hpp"
#include "consul/client.hpp"
#include "operate/placement_rules.hpp"

#include <string>
#include <vector>

namespace labctl::operate {

// Everything below app/ in KV, sorted by name, including malformed records.
std::vector<AppEntry> app_entries(cluster::Cluster& cluster);

// The current state of an app in Consul.
struct AppState {
  AppEntry entry;
  bool maintenance = false;
  std::vector<consul::HealthCheck> checks;  // of its service
};
AppState app_state(cluster::Cluster& cluster, AppEntry entry);
std::vector<AppState> app_states(cluster::Cluster& cluster, std::vector<AppEntry> entries);

// The worst status of the checks, "none" if there is none.
std::string health(const std::vector<consul::HealthCheck>& checks);

}  // namespace labctl::operate
