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

// Everything of one node from one look: the engine's lists and those of node_look.hpp.
struct NodeSeen {
  Seen<docker::Container> containers;  // any state
  Seen<docker::Volume> volumes;
  Seen<std::string> networks;
  Seen<std::string> images;  // names of those that were built, imported or loaded there
  Seen<Schedule> schedules;
  Seen<Clone> clones;
  Seen<std::string> clone_names;  // of these clones
  Seen<Snapshot> snapshots;
};

// Looks at what the node has of the app, or at everything; throws only Error{interrupted}.
NodeSeen see_node(cluster::Cluster& cluster, const std::string& node,
                  const std::optional<contract::AppName>& app);
// The engine's part of it.
void see_engine(cluster::Cluster& cluster, const std::string& node,
                const std::optional<contract::AppName>& app, NodeSeen& seen);
// The node's part: from a look, or the reason why the look failed.
void take_inside(NodeSeen& seen, NodeLook look);
void take_inside(NodeSeen& seen, const Error& why);

// see_node() on all nodes in parallel.
std::map<std::string, NodeSeen> see_nodes(cluster::Cluster& cluster,
                                          const std::optional<contract::AppName>& app);

// One kind of thing, for every node.
template <typename Things>
class PerNode {
public:
  using Kind = Seen<typename Things::value_type> NodeSeen::*;

  PerNode(std::shared_ptr<const std::map<std::string, NodeSeen>> nodes, Kind kind)
      : nodes_(std::move(nodes)), kind_(kind) {}

  // Throws what the look at this node threw: a failed look is never an empty list.
  const Things& at(const std::string& node) const { return (nodes_->at(node).*kind_).get(); }

private:
  std::shared_ptr<const std::map<std::string, NodeSeen>> nodes_;
  Kind kind_;
};

// A file of a clone; nullopt if it does not exist.
std::optional<std::string> clone_file(cluster::Cluster& cluster, const std::string& node,
                                      const std::string& clone, const std::string& path);
// The current commit of a branch or tag in the repository, as a node sees it. Error{not_found} if there is
// none.
std::string remote_commit(cluster::Cluster& cluster, const std::string& node, const contract::AppName& app);

// The state of one app in the whole cluster at one time: the constructor looks at all nodes and Consul's KV
// in parallel, once. To look again, create a new one. Throws only Error{interrupted}; the result of a failed
// look throws when it is read.
struct Observation {
  Observation(cluster::Cluster& cluster, const contract::AppName& app);

  // A clone on a node with its commit and its .env; nullopt if it does not exist. Throws as PerNode does.
  std::optional<Clone> clone(const std::string& node, const std::string& name) const;
  // The address of a node in the member list. Error{not_found} if it was not a member.
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
  Seen<std::string> marks;        // existing keys of maintenance and transfer
  Seen<consul::Member> members;
};

}  // namespace labctl::observe
