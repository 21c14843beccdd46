#pragma once

#include "cluster/cluster.hpp"

#include <string>

// The test service's repository, if the inventory allows labctl to push to it. Git runs in the first node's
// Consul container, which has access to the repository by contract.
namespace labctl::scenarios {

// Sets the branch `target` to the content of the branch `source`, with everything that would conflict with
// another slot (domains, HAPROXY names, the ssh port) replaced by the values of the cluster's slot.
// Force-pushes: an existing target is moved. Returns the commit; equal content gives the same commit.
// Error{usage} if the repository is not writable.
std::string publish_branch(cluster::Cluster& cluster, const std::string& source, const std::string& target);

// Deletes a branch of the repository; a missing branch is not an error.
void remove_branch(cluster::Cluster& cluster, const std::string& branch);

// The names in a slot: those of the repository's branch, with the mark inserted.
std::string marked_branch(const cluster::Slot& slot, const std::string& branch);
std::string marked_domain(const cluster::Slot& slot, const std::string& domain);
std::string marked_name(const cluster::Slot& slot, const std::string& name);

}  // namespace labctl::scenarios
