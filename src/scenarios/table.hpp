#pragma once

#include "runner/scenario.hpp"

#include <string>
#include <vector>

namespace labctl::scenarios {

// Every scenario there is, written for these nodes: the first plays N1 of the catalogue, and so on. With
// fewer than four the names core1 to core4 fill up, for --list.
std::vector<runner::Scenario> table(std::vector<std::string> nodes);

}  // namespace labctl::scenarios
