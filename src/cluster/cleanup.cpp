#include "cluster/cleanup.hpp"

#include "base/error.hpp"
#include "cluster/observation.hpp"
#include "cluster/operations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;

constexpr auto call_budget = 10s;
constexpr auto removal_budget = 30s;

// Runs one step; an error is noted and does not stop the next. Only a person's interrupt does.
template <typename Step>
void attempt(std::vector<std::string>& errors, const std::string& what, Step step) {
  try {
    step();
  } catch (const Error& e) {
    if (e.kind() == Kind::interrupted) throw;
    errors.push_back(what + ": " + e.line());
  }
}

// What one node has of the app, and the removal of each thing. `kept`: allowed to stay after destroy.
struct Remains {
  struct Thing {
    std::string text;
    bool kept = false;
    std::function<void()> remove;
  };
  std::vector<Thing> things;
  std::vector<std::string> errors;
};

class NodeCleaner {
public:
  NodeCleaner(Cluster& cluster, std::string node, const AppName& app,
              const std::vector<std::string>& volume_keys)
      : cluster_(cluster), node_(std::move(node)), app_(app), volume_keys_(volume_keys) {}

  Remains look() {
    remains_ = {};
    attempt(remains_.errors, "containers on " + node_, [&] { containers(); });
    attempt(remains_.errors, "volumes on " + node_, [&] { volumes(); });
    attempt(remains_.errors, "networks on " + node_, [&] { networks(); });
    attempt(remains_.errors, "schedules on " + node_, [&] { schedules(); });
    attempt(remains_.errors, "clones on " + node_, [&] { clones(); });
    attempt(remains_.errors, "snapshots on " + node_, [&] { snapshots(); });
    return std::move(remains_);
  }

  // Removes what look() finds, and looks again if there was anything.
  CleanupReport clean() {
    CleanupReport report;
    const auto found = look();
    report.errors = found.errors;
    if (found.things.empty()) return report;
    for (const auto& thing : found.things) {
      if (!thing.kept) report.forced.push_back(thing.text);
      attempt(report.errors, thing.text, thing.remove);
    }
    const auto after = look();
    for (const auto& thing : after.things) report.left.push_back(thing.text);
    if (report.errors.empty()) report.errors = after.errors;
    return report;
  }

private:
  std::string prefix() const { return volume_name(app_.project, ""); }
  docker::Client& docker() { return cluster_.docker(node_); }
  Deadline soon() const { return cluster_.within(removal_budget); }

  void add(const std::string& sort, const std::string& name, std::function<void()> remove,
           bool kept = false) {
    remains_.things.push_back({fmt::format("{} {} on {}", sort, name, node_), kept, std::move(remove)});
  }

  void containers() {
    for (const auto& one : docker().containers(prefix(), soon())) {
      add("container", one.name, [this, name = one.name] { docker().remove_container(name, soon()); });
    }
  }
  void volumes() {
    for (const auto& one : docker().volumes(prefix(), soon())) {
      add("volume", one.name, [this, name = one.name] { docker().remove_volume(name, soon()); });
    }
  }
  void networks() {
    for (const auto& name : docker().networks(prefix(), soon())) {
      add("network", name, [this, name] { docker().remove_network(name, soon()); });
    }
  }
  void schedules() {
    for (const auto& one : look_at_schedules(cluster_, node_, app_)) {
      add("schedule", one.text(), [this, one] {
        cluster_.exec_checked(node_, {"buttervolume", "schedule", one.action, "0", one.volume});
      });
    }
  }
  void clones() {
    for (const auto& name : look_at_clones(cluster_, node_, app_)) {
      add("clone", name, [this, name] {
        cluster_.exec_checked(node_, {"rm", "-rf", cluster_.conventions().deploy_root + "/" + name});
      });
    }
  }
  void snapshots() {
    for (const auto& one : look_at_snapshots(cluster_, node_, app_, volume_keys_)) {
      add(
          "snapshot", one.name,
          [this, one] {
            cluster_.exec_checked(node_, {"buttervolume", "rm", one.name});
          },
          true);
    }
  }

  Cluster& cluster_;
  std::string node_;
  const AppName& app_;
  const std::vector<std::string>& volume_keys_;
  Remains remains_;
};

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

class Cleaner {
public:
  Cleaner(Cluster& cluster, const AppName& app, const std::vector<std::string>& volume_keys)
      : cluster_(cluster), app_(app), volume_keys_(volume_keys) {}

  CleanupReport run() {
    attempt(report_.errors, "destroy", [&] {
      if (cluster_.consul().get(app_key(app_.app), soon())) destroy(cluster_, app_);
    });
    // Only what outlives this is an error of the cleanup: a destroy that failed is known by what it left.
    auto destroy_errors = std::exchange(report_.errors, {});
    attempt(report_.errors, "service entries", [&] { deregister(); });
    attempt(report_.errors, "keys", [&] { remove_keys(); });
    const auto nodes = cluster_.on_nodes(cluster_.nodes(), [&](const std::string& node) {
      return NodeCleaner(cluster_, node, app_, volume_keys_).clean();
    });
    for (const auto& [node, part] : nodes) {
      append(report_.forced, part.forced);
      append(report_.left, part.left);
      append(report_.errors, part.errors);
    }
    append(report_.forced, destroy_errors);
    return std::move(report_);
  }

private:
  Deadline soon() const { return cluster_.within(call_budget); }

  // At the agent that holds the service: the catalog alone would be filled again from there.
  void deregister() {
    auto read = cluster_.consul().catalog_service(app_.app, consul::Blocking{0}, soon());
    for (const auto& entry : read.value) {
      report_.forced.push_back("service entry on " + entry.node);
      attempt(report_.errors, "service entry on " + entry.node, [&] {
        cluster_.exec_checked(entry.node, {"consul", "services", "deregister", "-id=" + entry.id});
      });
    }
    const auto deadline = soon();
    while (!read.value.empty() && !deadline.passed()) {
      read = cluster_.consul().catalog_service(app_.app, consul::Blocking{read.index}, deadline);
    }
    for (const auto& entry : read.value) report_.left.push_back("service entry on " + entry.node);
  }

  void remove_keys() {
    auto& consul = cluster_.consul();
    for (const auto& key : {app_key(app_.app), maintenance_key(app_.app)}) {
      if (!consul.get(key, soon())) continue;
      report_.forced.push_back("key " + key);
      consul.remove(key, soon());
    }
    for (const auto& one : consul.list(migrate_prefix(app_.app), soon()))
      report_.forced.push_back("key " + one.key);
    consul.remove_prefix(migrate_prefix(app_.app), soon());
  }

  Cluster& cluster_;
  const AppName& app_;
  const std::vector<std::string>& volume_keys_;
  CleanupReport report_;
};

}  // namespace

CleanupReport clean_up(Cluster& cluster, const AppName& app, const std::vector<std::string>& volume_keys) {
  return Cleaner(cluster, app, volume_keys).run();
}

CleanupReport audit(Cluster& cluster, const AppName& app, const std::vector<std::string>& volume_keys) {
  CleanupReport report;
  const auto soon = [&] { return cluster.within(call_budget); };
  attempt(report.errors, "service entries", [&] {
    for (const auto& entry : cluster.consul().catalog_service(app.app, soon())) {
      report.left.push_back("service entry on " + entry.node);
    }
  });
  attempt(report.errors, "keys", [&] {
    for (const auto& key : {app_key(app.app), maintenance_key(app.app)}) {
      if (cluster.consul().get(key, soon())) report.left.push_back("key " + key);
    }
    for (const auto& one : cluster.consul().list(migrate_prefix(app.app), soon())) {
      report.left.push_back("key " + one.key);
    }
  });
  const auto nodes = cluster.on_nodes(cluster.nodes(), [&](const std::string& node) {
    return NodeCleaner(cluster, node, app, volume_keys).look();
  });
  for (const auto& [node, remains] : nodes) {
    for (const auto& thing : remains.things) report.left.push_back(thing.text);
    append(report.errors, remains.errors);
  }
  return report;
}

std::vector<AppName> deployed_apps(Cluster& cluster, const std::string& repo) {
  const auto wanted = app_name(repo, "").repo_url;
  std::vector<AppName> apps;
  for (const auto& one : cluster.consul().list("app/", cluster.within(call_budget))) {
    try {
      const auto record = parse_record(one.value);
      auto name = app_name(record.repo_url, record.branch);
      if (name.repo_url == wanted && app_key(name.app) == one.key) apps.push_back(std::move(name));
    } catch (const Error&) {
      continue;  // somebody else's entry, not ours to judge
    }
  }
  return apps;
}

}  // namespace labctl::cluster
