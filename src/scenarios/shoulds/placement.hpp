#pragma once

#include "runner/scenario.hpp"
#include "scenarios/steps.hpp"

namespace labctl::scenarios {

// Everything that must be true when an app is on a master, with a slave (MS+(M,S) of the catalogue) or
// without (MO(M)). Checks every node; each should distinguishes "absent" from a failed look. `service` has
// the names of the repository's branch; the slot comes from the state.
runner::Block<Placed> placement(const TestService& service, const Placement& at);

}  // namespace labctl::scenarios
