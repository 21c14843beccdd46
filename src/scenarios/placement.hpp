#pragma once

#include "runner/scenario.hpp"
#include "scenarios/steps.hpp"

#include <string>

namespace labctl::scenarios {

// MS+(M,S) of the catalogue: everything that holds once an app lives on a master with a slave. Every node is looked
// at, and each should tells absent from could-not-look.
runner::Block<Placed> ms_placement(const std::string& master, const std::string& slave);

}  // namespace labctl::scenarios
