#pragma once

#include "base/deadline.hpp"
#include "lab/lab.hpp"
#include "lab/node.hpp"

#include <string>

namespace labctl::lab {

// Waits until, seen from each node, Consul has a leader and its catalog has every node. Returns Consul's
// version. Error{timeout} names what was missing last. `hub` is watched meanwhile: if it ends, the lab has
// failed.
std::string wait_for_consul(const LabInfo& lab, RunningNode& hub, Deadline deadline);

}  // namespace labctl::lab
