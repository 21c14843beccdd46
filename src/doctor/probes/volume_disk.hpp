#pragma once

#include "base/deadline.hpp"
#include "docker/client.hpp"
#include "docker/engine.hpp"
#include "doctor/observations.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace labctl::doctor {

// The file system that holds the volumes of `driver`, as seen by a running container that mounts one and has
// a stat program; nullopt if there is no such container. Nothing is changed in the container.
std::optional<DiskSeen> look_at_volumes(docker::Engine& engine, docker::Client& docker,
                                        const std::string& driver, Deadline deadline);

// Reads what `stat -f -c "%S %b %a %c %d"` prints (GNU and busybox); nullopt if it is something else.
std::optional<DiskSeen> read_statfs(std::string_view printed, const std::string& path);

}  // namespace labctl::doctor
