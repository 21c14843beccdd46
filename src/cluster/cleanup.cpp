#include "cluster/cleanup.hpp"

#include "base/error.hpp"
#include "cluster/observation.hpp"
#include "cluster/operations.hpp"

#include <fmt/format.h>

#include <utility>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;

constexpr auto call_budget = 10s;
constexpr auto removal_budget = 30s;
// A replication that is under way holds its snapshot until it is sent.
constexpr auto replication_budget = 20s;
constexpr auto pause_between_rounds = 300ms;

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

  struct Cleaned {
    CleanupReport report;
    bool found = false;           // anything at all
    bool snapshots_stay = false;  // and nothing else
  };

  Cleaned clean() {
    // Two, as both sides fill theirs at the same time.
    NodeSeen engine, engine_left, inside, inside_left;
    std::vector<std::string> troubles, troubles_inside;
    cluster_.side_by_side([&] { troubles_inside = clean_inside(inside, inside_left); },
                          [&] {
                            see_engine(cluster_, node_, app_, engine);
                            // Nothing there: what was seen is what is left.
                            if (!remove(engine, troubles)) return;
                            see_engine(cluster_, node_, app_, engine_left);
                          });
    Cleaned cleaned;
    auto& report = cleaned.report;
    std::vector<std::string> kept, snapshots, errors;
    tell_engine(engine, report.forced, kept, report.errors);
    tell_inside(inside, report.forced, kept, report.errors);
    cleaned.found = !report.forced.empty() || !kept.empty();
    tell_engine(engine_left, report.left, report.left, errors);
    tell_inside(inside_left, report.left, snapshots, errors);
    cleaned.snapshots_stay = report.left.empty() && !snapshots.empty() && report.errors.empty();
    append(report.left, snapshots);
    if (report.errors.empty()) report.errors = errors;
    // What is gone all the same is nobody's trouble.
    if (!report.left.empty()) {
      append(report.errors, troubles);
      append(report.errors, troubles_inside);
    }
    return cleaned;
  }

private:
  using Texts = std::vector<std::string>;

  template <typename T, typename Name>
  void tell(const char* sort, const Seen<T>& things, Name name, Texts& texts, Texts& errors) const {
    attempt(errors, fmt::format("{}s on {}", sort, node_), [&] {
      for (const auto& one : things.get())
        texts.push_back(fmt::format("{} {} on {}", sort, name(one), node_));
    });
  }

  // What is allowed to stay after destroy goes to `kept`.
  void tell_engine(const NodeSeen& seen, Texts& texts, Texts& kept, Texts& errors) const {
    const auto by_name = [](const auto& one) { return one.name; };
    const auto as_it_is = [](const std::string& one) { return one; };
    tell("container", seen.containers, by_name, texts, errors);
    tell("volume", seen.volumes, by_name, texts, errors);
    tell("network", seen.networks, as_it_is, texts, errors);
    tell("image", seen.images, as_it_is, kept, errors);
  }
  void tell_inside(const NodeSeen& seen, Texts& texts, Texts& kept, Texts& errors) const {
    const auto by_name = [](const auto& one) { return one.name; };
    tell(
        "schedule", seen.schedules, [](const Schedule& one) { return one.text(); }, texts, errors);
    tell("clone", seen.clones, by_name, texts, errors);
    tell("snapshot", seen.snapshots, by_name, kept, errors);
  }

  std::vector<std::string> clean_inside(NodeSeen& seen, NodeSeen& left) const {
    try {
      auto removal = remove_from_node(cluster_, node_, app_);
      take_inside(seen, std::move(removal.seen));
      take_inside(left, std::move(removal.left));
      return removal.troubles;
    } catch (const Error& e) {
      if (e.kind() == Kind::interrupted) throw;
      take_inside(seen, e);
      return {};
    }
  }

  // In the order in which one holds the other. False if there was nothing.
  bool remove(const NodeSeen& seen, std::vector<std::string>& troubles) const {
    auto& docker = cluster_.docker(node_);
    bool any = false;
    const auto each = [&](const char* sort, const auto& things, auto remove_one) {
      if (!things.known()) return;
      for (const auto& one : things.get()) {
        any = true;
        attempt(troubles, fmt::format("{} on {}", sort, node_),
                [&] { remove_one(one, cluster_.within(removal_budget)); });
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
    return any;
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
    auto rest = round();
    append(report_.forced, rest.report.forced);
    const auto deadline = cluster_.within(replication_budget);
    while (rest.snapshots_stay && !deadline.passed()) {
      attempt(report_.errors, "waiting for a replication", [&] { pause(); });
      rest = round();
      // What was sent meanwhile may have come to another node after that was clean.
      if (rest.report.left.empty() && rest.found) rest.snapshots_stay = true;
    }
    append(report_.left, rest.report.left);
    append(report_.errors, rest.report.errors);
    append(report_.forced, destroy_errors);
    return std::move(report_);
  }

private:
  Deadline soon() const { return cluster_.within(call_budget); }

  // All nodes once, at the same time.
  NodeCleaner::Cleaned round() {
    const auto nodes = cluster_.on_nodes(
        cluster_.nodes(), [&](const std::string& node) { return NodeCleaner(cluster_, node, app_).clean(); });
    NodeCleaner::Cleaned all;
    bool other_things_stay = false;
    for (const auto& [node, part] : nodes) {
      append(all.report.forced, part.report.forced);
      append(all.report.left, part.report.left);
      append(all.report.errors, part.report.errors);
      all.found = all.found || part.found;
      all.snapshots_stay = all.snapshots_stay || part.snapshots_stay;
      other_things_stay = other_things_stay || (!part.report.left.empty() && !part.snapshots_stay);
    }
    all.snapshots_stay = all.snapshots_stay && !other_things_stay;
    return all;
  }

  void pause() {
    cluster_.docker(cluster_.nodes().front())
        .watch([](const docker::Event&) { return true; }, cluster_.within(pause_between_rounds), 0,
               {{"type", {"volume"}}});
  }

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
    for (const auto& one : consul.list(migrate_prefix(app_.app), soon())) {
      report_.forced.push_back("key " + one.key);
    }
    consul.remove_prefix(migrate_prefix(app_.app), soon());
  }

  Cluster& cluster_;
  const AppName& app_;
  CleanupReport report_;
};

}  // namespace

CleanupReport clean_up(Cluster& cluster, const AppName& app) { return Cleaner(cluster, app).run(); }

}  // namespace labctl::cluster
