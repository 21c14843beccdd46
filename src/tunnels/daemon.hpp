#pragma once

#include "tunnels/control.hpp"
#include "tunnels/plan.hpp"

#include <functional>

namespace labctl::tunnels {

// Carries a plan until it is told to end: by a `down` request, SIGTERM or SIGINT. All or nothing: if not
// every forward answers, everything is undone. Calls `decided` with the outcome of the start once; `owner`
// (-1: none) is a socket whose other end belongs to whoever started us: if that ends before the decision, the
// start is given up. Returns true if it ran, false if the start failed. Error{conflict} if another daemon of
// this inventory runs.
bool run_daemon(const Plan& plan, int owner, const std::function<void(const Reply&)>& decided);

// The hidden command that `tunnels up` starts: reads the plan from stdin (a socket), goes into the
// background, carries it and writes the Reply to the same socket. Returns the exit status.
int daemon_main();

}  // namespace labctl::tunnels
