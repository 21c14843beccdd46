#include "base/text.hpp"
#include "doctor/rules/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace labctl::doctor {
namespace {

// Two clocks that are further apart change the order of snapshots and records (contract 9.2.9).
constexpr double tolerated_skew = 2;
// A rendered file that is younger may be about to be read.
constexpr double reload_time = 10;
// ps counts whole seconds.
constexpr double age_error = 2;
constexpr double scarce_share = 0.05;
constexpr double scarce_bytes = 4.0 * 1024 * 1024 * 1024;

// How far the clocks are apart at least, from what was observed.
double provable(const ClockSeen& clock) { return std::max({clock.least, -clock.most, 0.0}); }

void judge_clock(const NodeSeen& node, Diagnosis& to) {
  if (!node.facts.clock || provable(*node.facts.clock) <= tolerated_skew) return;
  const auto& clock = *node.facts.clock;
  to.add("clock-skew", node.name,
         {fmt::format("the clock of {} is {:.1f} s to {:.1f} s {} that of this machine", node.name,
                      clock.least > 0 ? clock.least : -clock.most,
                      clock.least > 0 ? clock.most : -clock.least, clock.least > 0 ? "ahead of" : "behind")});
}

void judge_disks(const NodeSeen& node, Diagnosis& to) {
  for (const auto& disk : node.facts.disks) {
    const double share = disk.size > 0 ? disk.free / disk.size : 1;
    const double inodes = disk.inodes > 0 ? disk.inodes_free / disk.inodes : 1;
    if (share < scarce_share && disk.free < scarce_bytes) {
      to.add("disk-nearly-full", node.name,
             {fmt::format("{}: {:.1f} % of the file system of {} is free ({:.0f} MiB)", node.name,
                          100 * share, disk.path, disk.free / 1024 / 1024)});
    } else if (inodes < scarce_share) {
      to.add("disk-nearly-full", node.name,
             {fmt::format("{}: {:.1f} % of the inodes of {} are free", node.name, 100 * inodes, disk.path)});
    }
  }
}

void judge_haproxy(const NodeSeen& node, Diagnosis& to) {
  const auto& proxies = node.facts.proxies;
  const auto &file = proxies.haproxy_file_age, &process = proxies.haproxy_process_age;
  if (!file || !process || *file < reload_time || *process <= *file + age_error) return;
  to.add("haproxy-not-reloaded", node.name,
         {fmt::format(
             "{}: haproxy.cfg was written {:.0f} s ago, and the youngest process of HAProxy is {:.0f} s old",
             node.name, *file, *process)});
}

void judge_caddy(const NodeSeen& node, Diagnosis& to) {
  const auto& caddy = node.facts.proxies.caddy;
  if (caddy.file_age.value_or(0) < reload_time) return;
  std::vector<std::string> evidence;
  if (!caddy.differs.empty()) {
    evidence.push_back(fmt::format("{}: the running Caddy is not as its file of {:.0f} s ago: {}", node.name,
                                   *caddy.file_age, caddy.differs));
  }
  if (!caddy.keys_not_served.empty()) {
    evidence.push_back(fmt::format("{}: the running Caddy has no site for {}, which the Caddyfile has",
                                   node.name, join(caddy.keys_not_served, ", ")));
  }
  if (!evidence.empty()) to.add("caddy-not-reloaded", node.name, evidence);
}

// A proxy that has not read its file explains nothing if that file is old itself.
void judge_node_proxies(const NodeSeen& node, Diagnosis& to) {
  const auto& proxies = node.facts.proxies;
  std::vector<std::string> evidence;
  if (!proxies.domains_not_rendered.empty()) {
    evidence.push_back(fmt::format("{}: haproxy.cfg has no rule for {}, which KV has", node.name,
                                   join(proxies.domains_not_rendered, ", ")));
  }
  if (!proxies.keys_not_rendered.empty()) {
    evidence.push_back(fmt::format("{}: the Caddyfile has no site for {}, which KV has", node.name,
                                   join(proxies.keys_not_rendered, ", ")));
  }
  if (!evidence.empty()) {
    to.add("proxy-not-rendered", node.name, evidence);
    return;
  }
  judge_haproxy(node, to);
  judge_caddy(node, to);
}

std::string event_text(const CatalogSeen& catalog, const std::string& app) {
  const auto event = catalog.latest_events.find(app);
  if (event == catalog.latest_events.end()) return "Consul remembers no event of this app";
  return fmt::format("the last event of this app is {} {}", event->second.name, event->second.id);
}

// By a test that was killed: that is a finding of its own.
bool is_written_on_purpose(const Observations& seen, const std::string& key) {
  return std::any_of(seen.faults.begin(), seen.faults.end(), [&](const auto& left) {
    const auto* written = std::get_if<cluster::WrittenKey>(&left.fault);
    return written != nullptr && written->key == key;
  });
}

}  // namespace

bool deployment_under_way(const CatalogSeen& catalog, const std::string& app) {
  const auto event = catalog.latest_events.find(app);
  if (event == catalog.latest_events.end() || event->second.name != "deploy") return false;
  const auto record = catalog.deploy_ids.find(app);
  return record == catalog.deploy_ids.end() || record->second != event->second.id;
}

std::string app_of_key(const std::string& key) {
  auto rest = key.substr(key.find('/') + 1);
  if (key.starts_with("maintenance/")) return rest;
  return rest.substr(0, rest.rfind('/'));
}

void judge_keys(const Observations& seen, Diagnosis& to) {
  const auto& catalog = seen.catalog;
  for (const auto& key : catalog.maintenance) {
    const auto app = app_of_key(key);
    if (!deployment_under_way(catalog, app) && !is_written_on_purpose(seen, key))
      to.add("maintenance-left", app, {fmt::format("KV has {}; {}", key, event_text(catalog, app))});
  }
  for (const auto& key : catalog.marks) {
    const auto app = app_of_key(key);
    // "migrate/N@called-off" is no mark of a transfer: nobody waits for it.
    if (app == key.substr(key.find('/') + 1) || key.ends_with("@called-off")) continue;
    if (!deployment_under_way(catalog, app))
      to.add("mark-left", app, {fmt::format("KV has {}; {}", key, event_text(catalog, app))});
  }
}

void judge_node_facts(const Observations& seen, Diagnosis& to) {
  for (const auto& node : seen.nodes) {
    if (to.node_explained(node.name)) continue;
    const auto& facts = node.facts;
    if (facts.watches == 0) {
      to.add("handler-watch-missing", node.name,
             {fmt::format("{}: Consul's agent says that it has no watch", node.name)});
    }
    if (!facts.foreign_volumes.empty()) to.add("volume-not-managed", node.name, facts.foreign_volumes);
    judge_node_proxies(node, to);
    judge_clock(node, to);
    judge_disks(node, to);
  }
}

}  // namespace labctl::doctor
