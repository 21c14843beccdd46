#include "observe/cleanup.hpp"

#include "base/current_error.hpp"
#include "base/error.hpp"
#include "cluster/budgets.hpp"
#include "cluster/operations.hpp"
#include "http/stop.hpp"
#include "observe/observation.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace labctl::observe {
namespace {

using namespace std::chrono_literals;

constexpr auto remove_budget = 30s;
constexpr auto replication_budget = 20s;
// The plugin gives no event when it releases a snapshot.
constexpr auto pause_between_rounds = 300ms;

// Runs one step. An error is recorded and does not stop the next step; only an interrupt does.
template <typename Step>
void try_step(std::vector<std::string>& errors, const std::string& what, Step step) {
  try {
    step();
  } catch (...) {
    const Error e = current_error();
    if (e.kind() == Kind::interrupted) throw;
    errors.push_back(what + ": " + e.line());
  }
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// What a look found, each as a text such as "volume V on core1".
struct Found {
  std::vector<std::string> leftovers;          // what destroy should have removed
  std::vector<std::string> images, snapshots;  // what destroy keeps, by contract
  std::vector<std::string> unseen;             // failed looks, and why
  std::vector<std::string> troubles;           // errors of removals

  void add(const Found& more) {
    append(leftovers, more.leftovers);
    append(images, more.images);
    append(snapshots, more.snapshots);
    append(unseen, more.unseen);
    append(troubles, more.troubles);
  }
  bool nothing() const { return leftovers.empty() && images.empty() && snapshots.empty() && unseen.empty(); }
  bool only_snapshots() const {
    return leftovers.empty() && images.empty() && unseen.empty() && !snapshots.empty();
  }
};

class NodeCleaner {
public:
  NodeCleaner(cluster::Cluster& cluster, std::string node, const contract::AppName& app)
      : cluster_(cluster), node_(std::move(node)), app_(app) {}

  // Returns what existed before the removal.
  Found remove() const {
    // Two objects, because two threads fill them in parallel.
    NodeSeen engine, inside;
    std::vector<std::string> troubles, troubles_inside;
    cluster_.side_by_side([&] { troubles_inside = remove_inside(inside); },
                          [&] {
                            see_engine(cluster_, node_, app_, engine);
                            troubles = remove_from_engine(engine);
                          });
    auto found = told(engine);
    found.add(told(inside));
    append(found.troubles, troubles);
    append(found.troubles, troubles_inside);
    return found;
  }

  Found look() const { return told(see_node(cluster_, node_, app_)); }

private:
  using Texts = std::vector<std::string>;

  Found told(const NodeSeen& seen) const {
    Found found;
    const auto tell = [&](const char* sort, const auto& things, auto name, Texts& texts) {
      try_step(found.unseen, fmt::format("{}s on {}", sort, node_), [&] {
        for (const auto& one : things.get())
          texts.push_back(fmt::format("{} {} on {}", sort, name(one), node_));
      });
    };
    const auto by_name = [](const auto& one) { return one.name; };
    const auto as_it_is = [](const std::string& one) { return one; };
    tell("container", seen.containers, by_name, found.leftovers);
    tell("volume", seen.volumes, by_name, found.leftovers);
    tell("network", seen.networks, as_it_is, found.leftovers);
    tell("image", seen.images, as_it_is, found.images);
    tell(
        "schedule", seen.schedules, [](const Schedule& one) { return one.text(); }, found.leftovers);
    tell("clone", seen.clones, by_name, found.leftovers);
    tell("snapshot", seen.snapshots, by_name, found.snapshots);
    return found;
  }

  Texts remove_inside(NodeSeen& seen) const {
    try {
      auto removal = remove_from_node(cluster_, node_, app_, replication_budget);
      take_inside(seen, std::move(removal.seen));
      return removal.troubles;
    } catch (...) {
      const Error e = current_error();
      if (e.kind() == Kind::interrupted) throw;
      take_inside(seen, e);
      return {};
    }
  }

  // Removes containers first, because they use the others. Returns the errors.
  Texts remove_from_engine(const NodeSeen& seen) const {
    auto& docker = cluster_.docker(node_);
    Texts troubles;
    const auto each = [&](const char* sort, const auto& things, auto remove_one) {
      if (!things.known()) return;
      for (const auto& one : things.get()) {
        try_step(troubles, fmt::format("{} on {}", sort, node_),
                 [&] { remove_one(one, cluster_.within(remove_budget)); });
      }
    };
    each("container", seen.containers,
         [&](const auto& one, Deadline deadline) { docker.remove_container(one.name, deadline); });
    each("volume", seen.volumes,
         [&](const auto& one, Deadline deadline) { docker.remove_volume(one.name, deadline); });
    each("network", seen.networks,
         [&](const auto& one, Deadline deadline) { docker.remove_network(one, deadline); });
    each("image", seen.images,
         [&](const auto& one, Deadline deadline) { docker.remove_image(one, deadline); });
    return troubles;
  }

  cluster::Cluster& cluster_;
  std::string node_;
  const contract::AppName& app_;
};

class Cleaner {
public:
  Cleaner(cluster::Cluster& cluster, const contract::AppName& app) : cluster_(cluster), app_(app) {}

  CleanupReport run() {
    try_step(report_.errors, "destroy", [&] {
      if (holds(contract::app_key(app_.app))) destroy(cluster_, app_);
    });
    // A failed destroy is not an error of the cleanup: the next steps remove what it left and list it as
    // forced.
    auto destroy_errors = std::exchange(report_.errors, {});
    try_step(report_.errors, "service entries", [&] { deregister(); });
    try_step(report_.errors, "keys", [&] { remove_keys(); });
    remove_from_nodes();
    append(report_.forced, destroy_errors);
    return std::move(report_);
  }

private:
  // Whether Consul has the key.
  bool holds(const std::string& key) {
    return cluster_.ask_consul(
        [&](consul::Client& consul, Deadline deadline) { return consul.get(key, deadline).has_value(); });
  }

  consul::Indexed<std::vector<consul::ServiceEntry>> service_entries(consul::Blocking since,
                                                                     Deadline deadline) {
    return cluster_.ask_consul(
        [&](consul::Client& consul, Deadline) { return consul.catalog_service(app_.app, since, deadline); });
  }

  // Cleans all nodes in parallel, and again while only snapshots are left: a snapshot that is being
  // transferred may arrive on a node that was already clean.
  void remove_from_nodes() {
    const auto deadline = cluster_.within(replication_budget);
    for (bool first = true;; first = false) {
      const auto on_nodes = each_node(cluster_.nodes(), &NodeCleaner::remove);
      const auto found = sum(on_nodes);
      if (first) append(report_.forced, found.leftovers);
      std::vector<std::string> doubtful;
      for (const auto& [node, part] : on_nodes) {
        if (!part.nothing() || !found.snapshots.empty()) doubtful.push_back(node);
      }
      const auto left = sum(each_node(doubtful, &NodeCleaner::look));
      if (left.only_snapshots() && !deadline.passed()) {
        http::StopScope::pause(pause_between_rounds);
        continue;
      }
      append(report_.errors, left.unseen);
      for (const auto* texts : {&left.leftovers, &left.images, &left.snapshots}) append(report_.left, *texts);
      // A failed removal does not matter if nothing is left.
      if (!report_.left.empty()) append(report_.errors, found.troubles);
      return;
    }
  }

  std::map<std::string, Found> each_node(const std::vector<std::string>& nodes,
                                         Found (NodeCleaner::*act)() const) {
    return cluster_.on_nodes(
        nodes, [&](const std::string& node) { return (NodeCleaner(cluster_, node, app_).*act)(); });
  }

  static Found sum(const std::map<std::string, Found>& on_nodes) {
    Found all;
    for (const auto& [node, part] : on_nodes) all.add(part);
    return all;
  }

  // Deregisters at the agent that holds the service: it would restore an entry that is removed only from the
  // catalog.
  void deregister() {
    auto read = service_entries(consul::Blocking{0}, cluster_.within(cluster::call_budget));
    for (const auto& entry : read.value) {
      report_.forced.push_back("service entry on " + entry.node);
      try_step(report_.errors, "service entry on " + entry.node, [&] {
        cluster_.exec_checked(entry.node, {"consul", "services", "deregister", "-id=" + entry.id});
      });
    }
    const auto deadline = cluster_.within(cluster::call_budget);
    while (!read.value.empty() && !deadline.passed())
      read = service_entries(consul::Blocking{read.index}, deadline);
    for (const auto& entry : read.value) report_.left.push_back("service entry on " + entry.node);
  }

  void remove_keys() {
    for (const auto& key : {contract::app_key(app_.app), contract::maintenance_key(app_.app)}) {
      if (!holds(key)) continue;
      report_.forced.push_back("key " + key);
      cluster_.ask_consul([&](consul::Client& consul, Deadline deadline) { consul.remove(key, deadline); });
    }
    const auto marks = contract::migrate_prefix(app_.app);
    const auto left = cluster_.ask_consul(
        [&](consul::Client& consul, Deadline deadline) { return consul.list(marks, deadline); });
    for (const auto& one : left) report_.forced.push_back("key " + one.key);
    cluster_.ask_consul(
        [&](consul::Client& consul, Deadline deadline) { consul.remove_prefix(marks, deadline); });
  }

  cluster::Cluster& cluster_;
  const contract::AppName& app_;
  CleanupReport report_;
};

}  // namespace

CleanupReport clean_up(cluster::Cluster& cluster, const contract::AppName& app) {
  return Cleaner(cluster, app).run();
}

}  // namespace labctl::observe
