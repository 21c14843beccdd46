#pragma once

#include <sys/types.h>

#include <vector>

namespace labctl::bench {

// The time that a process has used, in seconds, and its resident memory in MB (proc_pid_stat(5)).
double cpu_seconds(pid_t pid);
double resident_mb(pid_t pid);

// The process and all that descend from it.
std::vector<pid_t> with_descendants(pid_t pid);

}  // namespace labctl::bench
