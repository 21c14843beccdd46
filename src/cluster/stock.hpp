#pragma once

#include "cluster/cluster.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::cluster {

// One thing on the cluster.
struct StockItem {
  std::string text;     // "volume P_dbdata on core1", "key app/N"
  std::string project;  // of the app it belongs to, as far as its name tells; "" if it does not
  std::string app;      // N, where the name has it

  // Whether it belongs to an app whose branch ends in this mark (see Slot).
  bool has_mark(std::string_view mark) const;

  auto operator<=>(const StockItem&) const = default;
};

// Everything on every node and in Consul that a deployment could leave: keys below app/, maintenance/ and migrate/,
// service entries, containers, volumes, networks, images that were not pulled, schedules, snapshots, clones. Sorted.
struct Stock {
  std::vector<StockItem> items;
};

// One look at all nodes at once. Throws if anything cannot be looked at: a stock is whole.
Stock take_stock(Cluster& cluster);

struct StockChange {
  std::vector<StockItem> come;
  std::vector<StockItem> gone;

  bool none() const { return come.empty() && gone.empty(); }
  std::string text() const;  // one line each: "left over: volume V on core1", "missing: ..."; "" for none
};

// Of the items that `counts` accepts: all by default.
StockChange difference(const Stock& before, const Stock& after,
                       const std::function<bool(const StockItem&)>& counts = {});

}  // namespace labctl::cluster
