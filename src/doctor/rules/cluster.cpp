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

void judge_proxy(const NodeSeen& node, Diagnosis& to) {
  const auto& facts = node.facts;
  if (!facts.domains_not_rendered.empty()) {
    to.add("proxy-not-rendered", node.name,
           {fmt::format("{}: haproxy.cfg has no rule for {}, which KV has", node.name,
                        join(facts.domains_not_rendered, ", "))});
    return;
  }
  if (!facts.haproxy_file_age || !facts.haproxy_process_age || *facts.haproxy_file_age < reload_time) return;
  if (*facts.haproxy_process_age <= *facts.haproxy_file_age + age_error) return;
  to.add("haproxy-not-reloaded", node.name,
         {fmt::format(
             "{}: haproxy.cfg was written {:.0f} s ago, and the youngest process of HAProxy is {:.0f} s old",
             node.name, *facts.haproxy_file_age, *facts.haproxy_process_age)});
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
    judge_proxy(node, to);
    judge_clock(node, to);
    judge_disks(node, to);
  }
}

}  // namespace labctl::doctor
