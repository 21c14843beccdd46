#pragma once

#include "cluster/cluster.hpp"

#include <string>
#include <vector>

namespace labctl::observe {

// One thing on the cluster.
struct StockItem {
  std::string text;     // "volume P_dbdata on core1", "key app/N": has the project or N, if either is known
  std::string project;  // of its app, if the name shows it; else ""
  std::string app;      // N, if the name contains it

  auto operator<=>(const StockItem&) const = default;
};

// Everything on all nodes and in Consul that a deployment could leave: keys below app/, maintenance/ and
// migrate/, service entries, containers, volumes, networks, images that were not pulled, schedules,
// snapshots, clones. Sorted.
struct Stock {
  std::vector<StockItem> items;
};

// One look at all nodes in parallel. Throws if any look fails: a stock is complete.
Stock take_stock(cluster::Cluster& cluster);

}  // namespace labctl::observe
