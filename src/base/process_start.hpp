#pragma once

#include <string>

namespace labctl {

// When a process started, in clock ticks since boot, from the text of its /proc/PID/stat (field 22 of
// proc_pid_stat(5)): with the pid, it identifies the process. 0 if the process is a zombie or the text has no
// such field.
unsigned long long process_start(const std::string& stat);

}  // namespace labctl
