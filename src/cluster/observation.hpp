#pragma once

#include "cluster/buttervolume.hpp"
#include "cluster/cluster.hpp"
#include "cluster/names.hpp"

#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace labctl::cluster {

// One kind of fact, for every node: what was seen, or why it could not be looked at.
template <typename T>
class PerNode {
public:
  using Look = std::function<T(const std::string& node)>;

  PerNode(Cluster& cluster, Look look) : cluster_(cluster), look_(std::move(look)) {}

  // Looks at all nodes at once the first time it is asked. Throws what the look at this node threw: could-not-look is
  // never an empty list.
  const T& at(const std::string& node) {
    if (seen_.empty()) load();
    const auto& value = seen_.at(node);
    if (const auto* error = std::get_if<std::exception_ptr>(&value)) std::rethrow_exception(*error);
    return std::get<T>(value);
  }

private:
  using Seen = std::variant<T, std::exception_ptr>;

  void load() {
    seen_ = cluster_.on_nodes(cluster_.nodes(), [this](const std::string& node) -> Seen {
      try {
        return look_(node);
      } catch (...) {
        return std::current_exception();
      }
    });
  }

  Cluster& cluster_;
  Look look_;
  std::map<std::string, Seen> seen_;
};

// Looks at one node, now. All are scoped by the app's own names, and all throw if they cannot look.
std::vector<Schedule> look_at_schedules(Cluster& cluster, const std::string& node, const AppName& app);
// Names of the folders under the deploy root that belong to the app.
std::vector<std::string> look_at_clones(Cluster& cluster, const std::string& node, const AppName& app);
// Snapshots of the volumes with these keys ("dbdata").
std::vector<Snapshot> look_at_snapshots(Cluster& cluster, const std::string& node, const AppName& app,
                                        const std::vector<std::string>& volume_keys);

// The commit a clone stands on.
std::string clone_head(Cluster& cluster, const std::string& node, const std::string& clone);
// A file of a clone; nullopt if it does not exist.
std::optional<std::string> clone_file(Cluster& cluster, const std::string& node, const std::string& clone,
                                      const std::string& path);
// The commit that a branch or tag of a repository has now, as a node sees it. Error{not_found} if there is none.
std::string remote_commit(Cluster& cluster, const std::string& node, const AppName& app);

// What the nodes have of one app, each kind looked at once, on all nodes at the same time. Make a new one to look again.
struct Observation {
  Observation(Cluster& cluster, const AppName& app, std::vector<std::string> volume_keys);

  AppName app;
  PerNode<std::vector<docker::Container>> containers;  // any state
  PerNode<std::vector<docker::Volume>> volumes;
  PerNode<std::vector<std::string>> networks;
  PerNode<std::vector<Schedule>> schedules;
  PerNode<std::vector<std::string>> clones;
  PerNode<std::vector<Snapshot>> snapshots;
};

}  // namespace labctl::cluster
