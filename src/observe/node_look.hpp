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

// The state of a node besides Docker, read in one look inside its Consul container.
namespace labctl::observe {

// The result of a look, or the reason why it failed: a failed look is never an empty list.
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
  std::string head;  // its current commit; "" if it cannot be read
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
  std::vector<std::string> troubles;  // problems during the removals
};

// Looks at one node: at what belongs to the app, or at everything. Throws if the look itself fails.
// Thread-safe.
NodeLook look_at_node(cluster::Cluster& cluster, const std::string& node,
                      const std::optional<contract::AppName>& app);

// Looks, and removes what it found of the app: schedules, snapshots and clones, in that order; a single run,
// like a look. If there were snapshots, returns when all snapshot transfers to other nodes (of any app) have
// arrived, at the latest after `patience`.
NodeRemoval remove_from_node(cluster::Cluster& cluster, const std::string& node, const contract::AppName& app,
                             std::chrono::seconds patience);

// The texts of files as the node's Consul container sees them; nullopt for a file that does not exist.
// Error{unavailable} if one cannot be read. Thread-safe.
std::vector<std::optional<std::string>> node_files(cluster::Cluster& cluster, const std::string& node,
                                                   const std::vector<std::string>& paths);

// Parses the script's output; for a look, only `seen` is set. Error{invalid} if it is malformed.
NodeRemoval parse_node_report(std::string_view printed, const std::string& where);

}  // namespace labctl::observe
