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
      silent;  // nodes whose handler did not say in time that it has nothing to do for the app
};

// Removes every app of the service repository that the cluster has anything of: what runs that were killed
// left, or what is still being deployed for them. For each, its handlers are waited for first; all apps at
// once. The repository is not asked: an app is removed whether or not its branch still exists. `on_found` is
// told of each before the first is removed. Throws if the cluster cannot be looked at.
std::vector<Swept> sweep(cluster::Cluster& cluster,
                         const std::function<void(const contract::AppName&)>& on_found = {});

// The same for the view's own apps alone (Cluster::own_apps), one after another; gives what stays all the
// same, or could not be looked at.
std::vector<std::string> sweep_own(cluster::Cluster& cluster);

// The apps of the repository that the stock has anything of, whatever branches they are of. An app that only
// its project names is given with the branch that this name tells: the project fits, the branch may not
// exist.
std::vector<contract::AppName> apps_in(const Stock& stock, std::string_view repo);

}  // namespace labctl::observe
