#pragma once

#include "runner/scenario.hpp"
#include "scenarios/steps.hpp"

namespace labctl::scenarios {

// Everything that holds once an app lives on a master, with a slave (MS+(M,S) of the catalogue) or without
// (MO(M)). Every node is looked at, and each should tells absent from could-not-look. `service` is what is
// deployed, as its branch calls it; its slot comes with the state.
runner::Block<Placed> placement(const TestService& service, const Placement& at);

}  // namespace labctl::scenarios
