#pragma once

#include "cluster/cluster.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

// What each node has of something, compared node by node: the words of shoulds that look everywhere.
namespace labctl::scenarios {

using Things = std::set<std::string>;
using PerNode = std::map<std::string, Things>;

// What `at` gives for every node of the cluster.
PerNode look(cluster::Cluster& c, const std::function<Things(const std::string& node)>& at);
// The things expected on each node; nodes that are not named have none.
PerNode expect(cluster::Cluster& c, const std::map<std::string, Things>& where);

// CheckFailed that tells the nodes on which the two differ, and nothing of the others.
void check_per_node(const PerNode& seen, const PerNode& expected);

Things as_set(const std::vector<std::string>& list);
// A list with doubles is not what its set says.
void check_no_doubles(const std::vector<std::string>& list, const std::string& where);

// `wrong` has a text for each node, "" where all is well. CheckFailed that quotes the others.
void check_all_good(const std::map<std::string, std::string>& wrong, const std::string& expected);

}  // namespace labctl::scenarios
