#pragma once

#include "cluster/cluster.hpp"

#include <string>
#include <vector>

namespace labctl::cluster {

// Runs a command with a folder of the node's file system mounted at /mnt, in a new container from the image
// of the node's Consul container. For paths that the Consul container cannot see. The container is always
// removed; if labctl was killed, the next call removes it. One call at a time per node. Error{unavailable}
// with the command's output if its status is not 0.
void in_host_folder(Cluster& cluster, const std::string& node, const std::string& folder,
                    const std::vector<std::string>& argv);

}  // namespace labctl::cluster
