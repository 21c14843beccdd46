#pragma once

#include "cluster/cluster.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

// What each node has of something, compared node by node: for shoulds about all nodes.
namespace labctl::scenarios {

using Things = std::set<std::string>;
using PerNode = std::map<std::string, Things>;

// The result of `at` for every node of the cluster.
PerNode look(cluster::Cluster& c, const std::function<Things(const std::string& node)>& at);
// The things expected on each node; nodes that are not named have none.
PerNode expect(cluster::Cluster& c, const std::map<std::string, Things>& where);

// CheckFailed names only the nodes on which the two differ.
void check_per_node(const PerNode& seen, const PerNode& expected);

Things as_set(const std::vector<std::string>& list);
// CheckFailed if the list has duplicates, which its set would hide.
void check_no_doubles(const std::vector<std::string>& list, const std::string& where);

// `wrong` has a text for each node, "" if it is good. CheckFailed quotes the others.
void check_all_good(const std::map<std::string, std::string>& wrong, const std::string& expected);

}  // namespace labctl::scenarios
