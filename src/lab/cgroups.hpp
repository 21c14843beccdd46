#pragma once

#include "base/deadline.hpp"
#include "base/unique_fd.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace labctl::lab {

// The mount points of every cgroup hierarchy, version 1 and 2 ("/proc/self/mounts" in `mounts`).
struct CgroupHierarchy {
  std::filesystem::path root;
  bool cpuset =
      false;  // a version 1 hierarchy whose groups take no process before cpus and memory nodes are given
};
std::vector<CgroupHierarchy> parse_cgroup_hierarchies(const std::string& mounts);

// Creates a cgroup in every hierarchy; `path` is relative to the hierarchy's root. Returns the files to which
// a process writes "0" to enter it.
std::vector<UniqueFd> make_cgroup(const std::string& path);

// Removes a cgroup and all below it; missing ones are not an error. Its processes must have been killed.
void remove_cgroup(const std::string& path, Deadline deadline);
bool cgroup_exists(const std::string& path);

}  // namespace labctl::lab
