#include "operate/apps.hpp"

#include "cluster/budgets.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace labctl::operate {
std::vector<AppEntry> app_entries(cluster::Cluster& cluster) {
  std::vector<AppEntry> entries;
  for (const auto& one : cluster.consul().list("app/", cluster.within(cluster::call_budget))) {
    entries.push_back(app_entry(one.key, one.value));
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.app < b.app; });
  return entries;
}

AppState app_state(cluster::Cluster& cluster, AppEntry entry) {
  AppState state;
  auto& consul = cluster.consul();
  state.maintenance =
      consul.get(contract::maintenance_key(entry.app), cluster.within(cluster::call_budget)).has_value();
  state.checks = consul.health_checks(entry.app, cluster.within(cluster::call_budget));
  state.entry = std::move(entry);
  return state;
}

std::vector<AppState> app_states(cluster::Cluster& cluster, std::vector<AppEntry> entries) {
  std::vector<AppState> states;
  for (auto& entry : entries) states.push_back(app_state(cluster, std::move(entry)));
  return states;
}

std::string health(const std::vector<consul::HealthCheck>& checks) {
  if (checks.empty()) return "none";
  const auto any = [&](const char* status) {
    return std::any_of(checks.begin(), checks.end(), [&](const auto& one) { return one.status == status; });
  };
  if (any("critical")) return "critical";
  if (any("warning")) return "warning";
  const auto odd =
      std::find_if(checks.begin(), checks.end(), [](const auto& one) { return one.status != "passing"; });
  return odd == checks.end() ? "passing" : odd->status;
}

}  // namespace labctl::operate
