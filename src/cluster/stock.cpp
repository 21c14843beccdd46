#include "cluster/stock.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/observation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;

constexpr auto call_budget = 10s;

// "P_service_1", "P_key", "P-service": none of the two can be in P.
std::string project_of_thing(const std::string& name) {
  const auto end = name.find_first_of("_-");
  return end == std::string::npos ? "" : name.substr(0, end);
}

// "N-EID", or "N@DATE" of old handlers; "" for another folder.
std::string app_of_clone(const std::string& name) {
  constexpr std::size_t uuid = 36;
  if (name.size() > uuid + 1 && name[name.size() - uuid - 1] == '-' && name[name.size() - 13] == '-')
    return name.substr(0, name.size() - uuid - 1);
  const auto at = name.rfind('@');
  return at == std::string::npos ? "" : name.substr(0, at);
}

class Taker {
public:
  explicit Taker(Cluster& cluster) : cluster_(cluster), nodes_(cluster, std::nullopt) {}

  Stock run() {
    keys();
    services();
    for (const auto& node : cluster_.nodes()) of_node(node);
    std::sort(stock_.items.begin(), stock_.items.end());
    return std::move(stock_);
  }

private:
  Deadline soon() const { return cluster_.within(call_budget); }

  void add(std::string text, std::string project, std::string app = {}) {
    stock_.items.push_back({std::move(text), std::move(project), std::move(app)});
  }
  void add_of_app(std::string text, const std::string& app) { add(std::move(text), project_of(app), app); }

  void keys() {
    for (const std::string prefix : {"app/", "maintenance/", "migrate/"}) {
      for (const auto& one : cluster_.consul().list(prefix, soon())) {
        auto app = one.key.substr(prefix.size());
        if (prefix == "migrate/") app = app.substr(0, app.rfind('/'));
        add_of_app("key " + one.key, app);
      }
    }
  }

  void services() {
    for (const auto& name : cluster_.consul().catalog_services(soon())) {
      for (const auto& entry : cluster_.consul().catalog_service(name, soon()))
        add_of_app(fmt::format("service {} on {}", entry.id, entry.node), name);
    }
  }

  void of_node(const std::string& node) {
    const auto& seen = nodes_.at(node);
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
      auto project = project_of_thing(one.name);
      if (project.empty()) project = mounted_by[one.name];  // anonymous: its user's
      add(on_node("volume", one.name), project);
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

  Cluster& cluster_;
  NodesSeen nodes_;
  Stock stock_;
};

}  // namespace

bool StockItem::has_mark(std::string_view mark) const {
  constexpr std::size_t hash = 5;  // of the repository, at the end of every project
  return !mark.empty() && project.size() > hash &&
         std::string_view(project).substr(0, project.size() - hash).ends_with(mark);
}

Stock take_stock(Cluster& cluster) { return Taker(cluster).run(); }

std::string StockChange::text() const {
  std::vector<std::string> all;
  for (const auto& one : come) all.push_back("left over: " + one.text);
  for (const auto& one : gone) all.push_back("missing: " + one.text);
  return join(all, "\n");
}

StockChange difference(const Stock& before, const Stock& after,
                       const std::function<bool(const StockItem&)>& counts) {
  StockChange change;
  const auto minus = [&](const Stock& one, const Stock& other, std::vector<StockItem>& into) {
    // By text alone: whom an anonymous volume belongs to is no longer told when its container is gone.
    std::set_difference(one.items.begin(), one.items.end(), other.items.begin(), other.items.end(),
                        std::back_inserter(into),
                        [](const StockItem& a, const StockItem& b) { return a.text < b.text; });
    if (counts) std::erase_if(into, [&](const StockItem& item) { return !counts(item); });
  };
  minus(after, before, change.come);
  minus(before, after, change.gone);
  return change;
}

}  // namespace labctl::cluster
