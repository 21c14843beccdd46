#pragma once

#include "lab/lab.hpp"

#include <string>
#include <vector>

// A node's power switch. Both need root, and are Error{not_found} naming the nearest node for an unknown one,
// Error{conflict} for a lab that is not up.
namespace labctl::lab {

// Ends every process of the node at once, as a loss of power does. Its disks stay: root, Docker's data, the
// plugin's file system. False if it was off already.
bool power_off(const LabInfo& lab, const std::string& node);

// Starts a node that is off, with its data and the stack's containers, and returns when it is as status()
// wants it. False if it was on already. Error{lab} with the node's logs in the hint if it does not come up;
// then it is off.
bool power_on(const LabInfo& lab, const std::string& node);

// The nodes that power_off() has ended. `up` must not make such a lab anew.
std::vector<std::string> nodes_off(const LabInfo& lab);

}  // namespace labctl::lab
