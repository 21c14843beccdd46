#pragma once

#include "base/deadline.hpp"
#include "tunnels/control.hpp"
#include "tunnels/places.hpp"
#include "tunnels/plan.hpp"

#include <filesystem>

namespace labctl::tunnels {

// Arguments with which `program` becomes the daemon (daemon_main()).
inline constexpr const char* daemon_arguments[] = {"tunnels", "daemon"};

// Starts a daemon that outlives us and our terminal, gives it the plan and returns what became of it. When
// this returns a failure, or throws, the daemon is gone or about to go.
Reply start_daemon(const std::filesystem::path& program, const Plan& plan, const Places& places,
                   Deadline deadline);

}  // namespace labctl::tunnels
