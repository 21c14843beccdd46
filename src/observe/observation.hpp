#pragma once

#include "cluster/cluster.hpp"
#include "consul/client.hpp"
#include "contract/names.hpp"
#include "contract/record.hpp"
#include "observe/buttervolume.hpp"
#include "observe/node_look.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace labctl::observe {

// All of one node, seen in one look: the engine's lists and the node's own (see node_look.hpp).
struct NodeSeen {
  Seen<docker::Container> containers;  // any state
  Seen<docker::Volume> volumes;
  Seen<std::string> networks;
  Seen<std::string> images;  // names of those that were built, imported or loaded there
  Seen<Schedule> schedules;
  Seen<Clone> clones;
  Seen<std::string> clone_names;  // of these
  Seen<Snapshot> snapshots;
};

// Looks at what the node has of the app, or at everything it has; throws only Error{interrupted}.
NodeSeen see_node(cluster::Cluster& cluster, const std::string& node,
                  const std::optional<contract::AppName>& app);
// The engine's part of it.
void see_engine(cluster::Cluster& cluster, const std::string& node,
                const std::optional<contract::AppName>& app, NodeSeen& seen);
// The node's own part, from a look, or for all of it the reason why there is none.
void take_inside(NodeSeen& seen, NodeLook look);
void take_inside(NodeSeen& seen, const Error& why);

// All nodes at the same time, each as see_node() does it.
std::map<std::string, NodeSeen> see_nodes(cluster::Cluster& cluster,
                                          const std::optional<contract::AppName>& app);

// One kind of thing, for every node.
template <typename Things>
class PerNode {
public:
  using Kind = Seen<typename Things::value_type> NodeSeen::*;

  PerNode(std::shared_ptr<const std::map<std::string, NodeSeen>> nodes, Kind kind)
      : nodes_(std::move(nodes)), kind_(kind) {}

  // Throws what the look at this node threw: could-not-look is never an empty list.
  const Things& at(const std::string& node) const { return (nodes_->at(node).*kind_).get(); }

private:
  std::shared_ptr<const std::map<std::string, NodeSeen>> nodes_;
  Kind kind_;
};

// A file of a clone; nullopt if it does not exist.
std::optional<std::string> clone_file(cluster::Cluster& cluster, const std::string& node,
                                      const std::string& clone, const std::string& path);
// The commit that a branch or tag of a repository has now, as a node sees it. Error{not_found} if there is
// none.
std::string remote_commit(cluster::Cluster& cluster, const std::string& node, const contract::AppName& app);

// What the cluster has of one app at one moment: all nodes and Consul's KV are looked at while this is made,
// at the same time, and never again. Make a new one to look again. Throws only Error{interrupted}; what could
// not be looked at throws when it is asked for.
struct Observation {
  Observation(cluster::Cluster& cluster, const contract::AppName& app);

  // A clone on a node with its commit and its .env; nullopt if it is not there. Throws as PerNode does.
  std::optional<Clone> clone(const std::string& node, const std::string& name) const;
  // The address other members know a node by. Error{not_found} if it was no member.
  std::string address(const std::string& node) const;

private:
  std::shared_ptr<std::map<std::string, NodeSeen>> nodes_;

public:
  contract::AppName app;
  PerNode<std::vector<docker::Container>> containers;  // any state
  PerNode<std::vector<docker::Volume>> volumes;
  PerNode<std::vector<std::string>> networks;
  PerNode<std::vector<Schedule>> schedules;
  PerNode<std::vector<std::string>> clones;
  PerNode<std::vector<Snapshot>> snapshots;
  Seen<contract::Record> record;  // KV app/N: one, or none if there is no such key
  Seen<std::string> marks;        // keys of maintenance and transfer that were there
  Seen<consul::Member> members;
};

}  // namespace labctl::observe
