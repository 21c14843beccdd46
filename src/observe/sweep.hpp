#pragma once

#include "cluster/cluster.hpp"
#include "contract/names.hpp"
#include "observe/cleanup.hpp"
#include "observe/stock.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::observe {

struct Swept {
  contract::AppName app;
  CleanupReport report;
  std::vector<std::string>
      silent;  // nodes whose handler did not confirm in time that it has nothing to do for the app
};

// Removes every app of the service repository that exists anywhere in the cluster: leftovers of killed runs,
// or deployments that are still in progress for them. Waits first until the handlers have finished each app;
// all apps in parallel. The repository is not read: an app is removed even if its branch no longer exists.
// `on_found` is called for each app before the first is removed. Throws if the look at the cluster fails.
std::vector<Swept> sweep(cluster::Cluster& cluster,
                         const std::function<void(const contract::AppName&)>& on_found = {});

// The same for only the view's own apps (Cluster::own_apps), one after another; returns what could not be
// removed or looked at.
std::vector<std::string> sweep_own(cluster::Cluster& cluster);

// The apps of the repository that occur in the stock, of any branch. If only the project name is known, the
// branch is derived from it: the project is right, but the branch may not exist.
std::vector<contract::AppName> apps_in(const Stock& stock, std::string_view repo);

}  // namespace labctl::observe
