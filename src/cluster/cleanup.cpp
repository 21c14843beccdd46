#include "cluster/cleanup.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "cluster/observation.hpp"
#include "cluster/operations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <thread>
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

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

class NodeCleaner {
public:
  NodeCleaner(Cluster& cluster, std::string node, const AppName& app)
      : cluster_(cluster), node_(std::move(node)), app_(app) {}

  CleanupReport clean() {
    CleanupReport report;
    auto found = look();
    append(report.forced, found.texts);
    // A pass of the plugin's scheduler that was under way may still deliver what it had begun to send: whatever is
    // there after the removal is removed again, as long as it is something else.
    std::vector<std::string> troubles;
    for (Found before; found.any() && found.all() != before.all(); found = look()) {
      troubles = remove(found.seen);
      before = std::move(found);
    }
    report.left = found.all();
    report.errors = found.errors;
    // What is gone all the same is nobody's trouble.
    if (!report.left.empty()) append(report.errors, troubles);
    return report;
  }

private:
  struct Found {
    NodeSeen seen;
    std::vector<std::string> texts;
    std::vector<std::string> kept;  // allowed to stay after destroy
    std::vector<std::string> errors;

    bool any() const { return !texts.empty() || !kept.empty(); }
    std::vector<std::string> all() const {
      auto both = texts;
      both.insert(both.end(), kept.begin(), kept.end());
      return both;
    }
  };

  Found look() const {
    Found found;
    found.seen = see_node(cluster_, node_, app_);
    const auto add = [&](const char* sort, const auto& things, auto name, bool kept = false) {
      attempt(found.errors, fmt::format("{}s on {}", sort, node_), [&] {
        for (const auto& one : things.get())
          (kept ? found.kept : found.texts).push_back(fmt::format("{} {} on {}", sort, name(one), node_));
      });
    };
    const auto by_name = [](const auto& one) { return one.name; };
    const auto as_it_is = [](const std::string& one) { return one; };
    add("container", found.seen.containers, by_name);
    add("volume", found.seen.volumes, by_name);
    add("network", found.seen.networks, as_it_is);
    add("image", found.seen.images, as_it_is, true);
    add("schedule", found.seen.schedules, [](const Schedule& one) { return one.text(); });
    add("clone", found.seen.clones, by_name);
    add("snapshot", found.seen.snapshots, by_name, true);
    return found;
  }

  // What the engine has, in the order in which one holds the other; the rest at the same time.
  std::vector<std::string> remove(const NodeSeen& seen) const {
    std::vector<std::string> troubles, troubles_inside;
    std::exception_ptr thrown;
    {
      std::optional<std::jthread> inside;
      if (has(seen.schedules) || has(seen.clones) || has(seen.snapshots)) {
        inside.emplace([&, shielded = cluster_.shielded()] {
          try {
            std::optional<InterruptShield> shield;
            if (shielded) shield.emplace();
            attempt(troubles_inside, "removal on " + node_, [&] {
              docker::Client docker(cluster_.docker_server(node_));
              troubles_inside = remove_from_node(cluster_, docker, node_, app_).troubles;
            });
          } catch (...) {
            thrown = std::current_exception();
          }
        });
      }
      auto& docker = cluster_.docker(node_);
      const auto each = [&](const char* sort, const auto& things, auto remove_one) {
        if (!has(things)) return;
        for (const auto& one : things.get())
          attempt(troubles, fmt::format("{} on {}", sort, node_),
                  [&] { remove_one(one, cluster_.within(removal_budget)); });
      };
      each("container", seen.containers,
           [&](const auto& one, Deadline deadline) { docker.remove_container(one.name, deadline); });
      each("volume", seen.volumes,
           [&](const auto& one, Deadline deadline) { docker.remove_volume(one.name, deadline); });
      each("network", seen.networks,
           [&](const auto& one, Deadline deadline) { docker.remove_network(one, deadline); });
      each("image", seen.images,
           [&](const auto& one, Deadline deadline) { docker.remove_image(one, deadline); });
    }
    if (thrown) std::rethrow_exception(thrown);
    append(troubles, troubles_inside);
    return troubles;
  }

  template <typename T>
  static bool has(const Seen<T>& things) {
    return things.known() && !things.get().empty();
  }

  Cluster& cluster_;
  std::string node_;
  const AppName& app_;
};

class Cleaner {
public:
  Cleaner(Cluster& cluster, const AppName& app) : cluster_(cluster), app_(app) {}

  CleanupReport run() {
    attempt(report_.errors, "destroy", [&] {
      if (cluster_.consul().get(app_key(app_.app), soon())) destroy(cluster_, app_);
    });
    // Only what outlives this is an error of the cleanup: a destroy that failed is known by what it left.
    auto destroy_errors = std::exchange(report_.errors, {});
    attempt(report_.errors, "service entries", [&] { deregister(); });
    attempt(report_.errors, "keys", [&] { remove_keys(); });
    const auto nodes = cluster_.on_nodes(
        cluster_.nodes(), [&](const std::string& node) { return NodeCleaner(cluster_, node, app_).clean(); });
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
  CleanupReport report_;
};

}  // namespace

CleanupReport clean_up(Cluster& cluster, const AppName& app) { return Cleaner(cluster, app).run(); }

}  // namespace labctl::cluster
