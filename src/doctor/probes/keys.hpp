#pragma once

#include "base/deadline.hpp"
#include "doctor/observations.hpp"
#include "inventory/inventory.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace labctl::doctor {

// After a failed login: the agent, and if every key was refused, what the keys are and what the server takes.
void look_at_keys(const inventory::Node& node, NodeSeen& seen, Deadline deadline);

// The algorithms of a line "... server-sig-algs=<a,b>" in what `ssh -v` prints; empty if there is none.
std::vector<std::string> signature_algorithms_in(std::string_view printed);

}  // namespace labctl::doctor
