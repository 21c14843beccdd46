#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace labctl::lab {

// What an embedded lab needs of the kernel and this machine does not have: "btrfs (/proc/filesystems)".
std::vector<std::string> lacking_in_kernel();

// Whether the kernel has a file system, from /proc/filesystems and the list of modules that it could load
// (modules.dep and modules.builtin).
bool has_file_system(std::string_view filesystems, std::string_view modules, const std::string& name);

// Error{lab} names what lacks: something of the kernel, or an inotify instance for each node, which is needed
// while the nodes start.
void require_host(int nodes);

}  // namespace labctl::lab
