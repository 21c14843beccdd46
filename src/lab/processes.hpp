#pragma once

#include "base/deadline.hpp"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <vector>

namespace labctl::lab {

// Processes of a node are found by their network namespace, never by a stored pid, which may have been
// reused.

// Those in the namespace bound to `netns`; empty if nothing is bound there.
std::vector<pid_t> processes_in(const std::filesystem::path& netns);

// The node's first process: the one that is number 1 in its own pid namespace.
std::optional<pid_t> first_process(const std::filesystem::path& netns);

// Kills every process in the given namespaces and waits until the last has ended; when a node's first process
// ends, so do all others in its pid namespace. Error{timeout} at the deadline.
void kill_processes_in(const std::vector<std::filesystem::path>& netns, Deadline deadline);

// Kills every process but this one that has the file open, and waits for their end.
void kill_processes_holding(const std::filesystem::path& file, Deadline deadline);

}  // namespace labctl::lab
