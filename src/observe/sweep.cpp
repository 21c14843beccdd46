#include "observe/sweep.hpp"

#include "base/error.hpp"
#include "cluster/operations.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <optional>
#include <set>
#include <thread>

namespace labctl::observe {
namespace {

using namespace std::chrono_literals;

// A busy handler may need this long; an idle one responds at once.
constexpr auto handler_budget = 30s;
constexpr std::size_t most_at_once = 6;

// The part of the name between `head` and `tail`; nullopt if the name does not have both.
std::optional<std::string_view> between(std::string_view name, std::string_view head, std::string_view tail) {
  if (name.size() < head.size() + tail.size() || !name.starts_with(head) || !name.ends_with(tail))
    return std::nullopt;
  return name.substr(head.size(), name.size() - head.size() - tail.size());
}

Swept sweep_one(cluster::Cluster& cluster, const contract::AppName& app) {
  Swept swept{app, {}, settle(cluster, app, handler_budget)};
  swept.report = clean_up(cluster, app);
  return swept;
}

}  // namespace

std::vector<contract::AppName> apps_in(const Stock& stock, std::string_view repo) {
  const auto plain = contract::app_name(repo, "");  // "R.H"
  const auto dot = plain.app.rfind('.');
  const auto repository = plain.app.substr(0, dot) + "_";
  const auto hash = plain.app.substr(dot + 1);
  std::map<std::string, contract::AppName> apps;
  std::set<std::string> projects;
  for (const auto& item : stock.items) {
    auto branch = between(item.app, repository, "." + hash);
    if (!branch && item.app != plain.app) continue;
    auto app = contract::app_name(repo, branch.value_or(""));
    if (app.app != item.app) continue;
    projects.insert(app.project);
    apps.emplace(app.app, std::move(app));
  }
  for (const auto& item : stock.items) {
    if (projects.contains(item.project)) continue;
    const auto branch = between(item.project, contract::project_of(repository), hash);
    if (!branch) continue;
    auto app = contract::app_name(repo, *branch);
    projects.insert(app.project);
    apps.emplace(app.app, std::move(app));
  }
  std::vector<contract::AppName> all;
  all.reserve(apps.size());
  for (auto& [name, app] : apps) all.push_back(std::move(app));
  return all;
}

std::vector<Swept> sweep(cluster::Cluster& cluster,
                         const std::function<void(const contract::AppName&)>& on_found) {
  const auto apps = apps_in(take_stock(cluster), cluster.conventions().service.repo);
  if (on_found) std::for_each(apps.begin(), apps.end(), on_found);
  std::vector<Swept> swept(apps.size());
  std::vector<std::exception_ptr> errors(apps.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    // A Cluster is for one thread only. This one is another view: both share the helper programs in the
    // nodes.
    cluster::Cluster own(cluster, cluster.slot());
    for (auto i = next++; i < apps.size(); i = next++) {
      try {
        swept[i] = sweep_one(own, apps[i]);
      } catch (...) {
        errors[i] = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    while (threads.size() < std::min(apps.size(), most_at_once)) threads.emplace_back(work);
  }
  for (const auto& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  return swept;
}

std::vector<std::string> sweep_own(cluster::Cluster& cluster) {
  std::vector<std::string> stays;
  for (const auto& app : cluster.own_apps()) {
    const auto report = sweep_one(cluster, app).report;
    stays.insert(stays.end(), report.left.begin(), report.left.end());
    stays.insert(stays.end(), report.errors.begin(), report.errors.end());
  }
  return stays;
}

}  // namespace labctl::observe
