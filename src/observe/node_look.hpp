#pragma once

#include "base/error.hpp"
#include "cluster/cluster.hpp"
#include "contract/names.hpp"
#include "observe/buttervolume.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a node has beside Docker, seen from inside its Consul container in one look.
namespace labctl::observe {

// Things that were looked for, or why they could not be looked at: that is never an empty list.
template <typename T>
class Seen {
public:
  Seen() = default;
  explicit Seen(std::vector<T> things) : things_(std::move(things)) {}
  explicit Seen(Error why) : why_(std::move(why)) {}

  bool known() const { return !why_; }
  // Throws the reason if there is one.
  const std::vector<T>& get() const {
    if (why_) throw Error(*why_);
    return things_;
  }

private:
  std::vector<T> things_;
  std::optional<Error> why_;
};

// A folder below the deploy root.
struct Clone {
  std::string name;  // "N-EID"
  std::string head;  // the commit it stands on; "" if that cannot be read
  std::string head_error;
  std::optional<std::string> env;  // its .env; nullopt if there is none
  std::string env_error;           // not empty: it cannot be read
};

struct NodeLook {
  Seen<Schedule> schedules;
  Seen<Snapshot> snapshots;
  Seen<Clone> clones;
};

struct NodeRemoval {
  NodeLook seen;                      // before
  std::vector<std::string> troubles;  // what the removals met
};

// Looks at one node, now: at what belongs to the app, or at everything. Throws if the look itself is
// impossible. Two threads may look at the same node.
NodeLook look_at_node(cluster::Cluster& cluster, const std::string& node,
                      const std::optional<contract::AppName>& app);

// Looks and removes what it saw of the app: schedules, snapshots and clones, in that order; one run, like a
// look alone. If there were snapshots, returns when those that were on their way to other nodes have arrived,
// of any app, but after `patience`.
NodeRemoval remove_from_node(cluster::Cluster& cluster, const std::string& node, const contract::AppName& app,
                             std::chrono::seconds patience);

// What the script printed, as values; of a look, only `seen`. Error{invalid} if it does not read so.
NodeRemoval parse_node_report(std::string_view printed, const std::string& where);

}  // namespace labctl::observe
