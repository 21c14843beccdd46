#pragma once

#include "tunnels/control.hpp"
#include "tunnels/plan.hpp"

#include <functional>

namespace labctl::tunnels {

// Carries a plan until a `down` request, SIGTERM or SIGINT. All or nothing: if any forward does not answer,
// everything is undone. Calls `decided` once with the result of the start. `owner` (-1: none) is a socket to
// the process that started us: if it closes before the result, the start is cancelled. Returns true if the
// daemon ran, false if the start failed. Error{conflict} if another daemon of this inventory runs.
bool run_daemon(const Plan& plan, int owner, const std::function<void(const Reply&)>& decided);

// The hidden command that `tunnels up` starts: reads the plan from stdin (a socket), goes into the
// background, carries the plan and writes the Reply to the same socket. Returns the exit status.
int daemon_main();

}  // namespace labctl::tunnels
