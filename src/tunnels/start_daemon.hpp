#pragma once

#include "base/deadline.hpp"
#include "tunnels/control.hpp"
#include "tunnels/daemon_paths.hpp"
#include "tunnels/plan.hpp"

#include <filesystem>

namespace labctl::tunnels {

// Arguments that start `program` as the daemon (daemon_main()).
inline constexpr const char* daemon_arguments[] = {"tunnels", "daemon"};

// Starts a daemon that outlives us and our terminal, sends it the plan and returns the result. If this
// returns a failure, or throws, the daemon has exited or is about to exit.
Reply start_daemon(const std::filesystem::path& program, const Plan& plan, const DaemonPaths& paths,
                   Deadline deadline);

}  // namespace labctl::tunnels
