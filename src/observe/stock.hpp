#pragma once

#include "cluster/cluster.hpp"

#include <string>
#include <vector>

namespace labctl::observe {

// One thing on the cluster.
struct StockItem {
  std::string text;     // "volume P_dbdata on core1", "key app/N": has the project or N, if either is known
  std::string project;  // of the app it belongs to, as far as its name tells; "" if it does not
  std::string app;      // N, where the name has it

  auto operator<=>(const StockItem&) const = default;
};

// Everything on every node and in Consul that a deployment could leave: keys below app/, maintenance/ and
// migrate/, service entries, containers, volumes, networks, images that were not pulled, schedules,
// snapshots, clones. Sorted.
struct Stock {
  std::vector<StockItem> items;
};

// One look at all nodes at once. Throws if anything cannot be looked at: a stock is whole.
Stock take_stock(cluster::Cluster& cluster);

}  // namespace labctl::observe
