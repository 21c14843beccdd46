#pragma once

#include "runner/scenario.hpp"
#include "scenarios/steps.hpp"

#include <chrono>

namespace labctl::scenarios {

// Time within which the proxies of all nodes apply a change.
inline constexpr std::chrono::seconds reach_budget{5};

// The service answers through the proxy of every node: HTTP by its name, ssh by its port if it has a sidecar.
runner::Block<Placed> reachable(const TestService& service);

}  // namespace labctl::scenarios
