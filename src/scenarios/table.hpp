#pragma once

#include "runner/scenario.hpp"

#include <string>
#include <vector>

namespace labctl::scenarios {

// All scenarios, for these nodes: the first is N1 of the catalogue, and so on. If there are fewer than four,
// names from core1 to core4 are added, for --list.
std::vector<runner::Scenario> table(std::vector<std::string> nodes);

}  // namespace labctl::scenarios
