#include "observe/stock.hpp"

#include "base/error.hpp"
#include "observe/observation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace labctl::observe {
namespace {

// The P of "P_service_1", "P_key" or "P-service": P contains neither "_" nor "-".
std::string project_of_thing(const std::string& name) {
  const auto end = name.find_first_of("_-");
  return end == std::string::npos ? "" : name.substr(0, end);
}

// The N of a clone "N-EID", or of "N@DATE" (old handlers); "" for any other folder.
std::string app_of_clone(const std::string& name) {
  constexpr std::size_t uuid = 36;
  if (name.size() > uuid + 1 && name[name.size() - uuid - 1] == '-' && name[name.size() - 13] == '-')
    return name.substr(0, name.size() - uuid - 1);
  const auto at = name.rfind('@');
  return at == std::string::npos ? "" : name.substr(0, at);
}

class Taker {
public:
  explicit Taker(cluster::Cluster& cluster) : cluster_(cluster) {}

  Stock run() {
    keys();
    services();
    for (const auto& [node, seen] : see_nodes(cluster_, std::nullopt)) of_node(node, seen);
    std::sort(stock_.items.begin(), stock_.items.end());
    return std::move(stock_);
  }

private:
  void add(std::string text, std::string project, std::string app = {}) {
    stock_.items.push_back({std::move(text), std::move(project), std::move(app)});
  }
  void add_of_app(std::string text, const std::string& app) {
    add(std::move(text), contract::project_of(app), app);
  }

  void keys() {
    for (const std::string prefix : {"app/", "maintenance/", "migrate/"}) {
      const auto entries = cluster_.ask_consul(
          [&](consul::Client& consul, Deadline deadline) { return consul.list(prefix, deadline); });
      for (const auto& one : entries) {
        auto app = one.key.substr(prefix.size());
        if (prefix == "migrate/") app = app.substr(0, app.rfind('/'));
        add_of_app("key " + one.key, app);
      }
    }
  }

  void services() {
    const auto names = cluster_.ask_consul(
        [](consul::Client& consul, Deadline deadline) { return consul.catalog_services(deadline); });
    for (const auto& name : names) {
      const auto entries = cluster_.ask_consul(
          [&](consul::Client& consul, Deadline deadline) { return consul.catalog_service(name, deadline); });
      for (const auto& entry : entries)
        add_of_app(fmt::format("service {} on {}", entry.id, entry.node), name);
    }
  }

  void of_node(const std::string& node, const NodeSeen& seen) {
    const auto on_node = [&](const char* sort, const std::string& name) {
      return fmt::format("{} {} on {}", sort, name, node);
    };
    std::map<std::string, std::string> mounted_by;  // volume -> project
    for (const auto& one : seen.containers.get()) {
      const auto project = project_of_thing(one.name);
      add(on_node("container", one.name), project);
      for (const auto& volume : one.volumes) mounted_by[volume] = project;
    }
    for (const auto& one : seen.volumes.get()) {
      const auto project = project_of_thing(one.name);
      const auto user = mounted_by.find(one.name);
      if (project.empty() && user != mounted_by.end()) {  // anonymous: belongs to its user
        add(on_node("volume", fmt::format("{} of {}", one.name, user->second)), user->second);
      } else {
        add(on_node("volume", one.name), project);
      }
    }
    for (const auto& name : seen.networks.get()) add(on_node("network", name), project_of_thing(name));
    for (const auto& name : seen.images.get()) {
      add(on_node("image", name), name.find('/') == std::string::npos ? project_of_thing(name) : "");
    }
    for (const auto& one : seen.schedules.get())
      add(on_node("schedule", one.text()), project_of_thing(one.volume));
    for (const auto& one : seen.snapshots.get())
      add(on_node("snapshot", one.name), project_of_thing(one.volume));
    for (const auto& one : seen.clones.get()) add_of_app(on_node("clone", one.name), app_of_clone(one.name));
  }

  cluster::Cluster& cluster_;
  Stock stock_;
};

}  // namespace

Stock take_stock(cluster::Cluster& cluster) { return Taker(cluster).run(); }

}  // namespace labctl::observe
