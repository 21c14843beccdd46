#pragma once

#include "cluster/cluster.hpp"

#include <string>

// The test service's repository, where the inventory says that labctl may push to it. Git runs in the first
// node's Consul container, which knows the way to the repository by contract.
namespace labctl::scenarios {

// Puts the branch `target` on the content of the branch `source`, with what would clash with another slot's
// replaced by the cluster's slot: domains, HAPROXY names, the ssh port. Forces: a target that exists is
// moved. Gives the commit; the same content gives the same commit. Error{usage} if the repository is not
// writable.
std::string publish_branch(cluster::Cluster& cluster, const std::string& source, const std::string& target);

// Takes a branch off the repository; one that is not there is fine.
void remove_branch(cluster::Cluster& cluster, const std::string& branch);

// The names a slot's edits give: what the repository's branch calls itself, with the mark put in.
std::string marked_branch(const cluster::Slot& slot, const std::string& branch);
std::string marked_domain(const cluster::Slot& slot, const std::string& domain);
std::string marked_name(const cluster::Slot& slot, const std::string& name);

}  // namespace labctl::scenarios
