#pragma once

#include "cluster/cluster.hpp"

#include <string>
#include <vector>

namespace labctl::cluster {

// Runs a command with a folder of a node's own file system mounted at /mnt, in a container made for it from
// the image of the node's Consul container. For what the Consul container does not see. The container is
// removed in any case; the next call removes what a labctl that was killed left of one. One at a time on a
// node. Error{unavailable} with what the command printed if its status is not 0.
void in_host_folder(Cluster& cluster, const std::string& node, const std::string& folder,
                    const std::vector<std::string>& argv);

}  // namespace labctl::cluster
