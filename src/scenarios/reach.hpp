#pragma once

#include "runner/scenario.hpp"
#include "scenarios/steps.hpp"

namespace labctl::scenarios {

// The service answers through the proxy of every node: HTTP by its name, ssh by its port if it has a sidecar.
runner::Block<Placed> reachable(const TestService& service);

}  // namespace labctl::scenarios
