#pragma once

#include "base/deadline.hpp"
#include "lab/lab.hpp"
#include "lab/node.hpp"

#include <string>

namespace labctl::lab {

// Waits until Consul has a leader and its catalog every node, as each of them sees it. Returns Consul's
// version. Error{timeout} says what was missing last. `hub` is watched meanwhile: its end is the lab's.
std::string wait_for_consul(const LabInfo& lab, Node& hub, Deadline deadline);

}  // namespace labctl::lab
