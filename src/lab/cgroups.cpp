#include "lab/cgroups.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;

std::vector<CgroupHierarchy> hierarchies() {
  return parse_cgroup_hierarchies(read_file("/proc/self/mounts"));
}

void write_attribute(const fs::path& file, const std::string& value) {
  UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd || ::write(fd.get(), value.data(), value.size()) < 0) throw system_error("cannot write", file);
}

// In cgroup version 1, a new cpuset group has no CPUs and no memory nodes. It refuses processes until both
// are set.
void inherit_cpuset(const fs::path& group) {
  for (const char* name : {"cpuset.cpus", "cpuset.mems"}) {
    write_attribute(group / name, trim(read_file(group.parent_path() / name)));
  }
}

void remove_below(const fs::path& group, Deadline deadline) {
  std::error_code gone;
  for (fs::directory_iterator it(group, gone), end; !gone && it != end; it.increment(gone)) {
    if (it->is_directory(gone)) remove_below(it->path(), deadline);
  }
  // The kernel removes a dead process from its group shortly after it reports the death. Version 1 has no
  // event for the removal.
  while (::rmdir(group.c_str()) != 0 && errno != ENOENT) {
    if (errno != EBUSY || deadline.passed()) throw system_error("cannot remove the cgroup", group);
    ::poll(nullptr, 0, 5);
  }
}

}  // namespace

std::vector<CgroupHierarchy> parse_cgroup_hierarchies(const std::string& mounts) {
  std::vector<CgroupHierarchy> found;
  for (const auto& line : lines(mounts)) {
    const auto fields = split(line, ' ');
    if (fields.size() < 4 || (fields[2] != "cgroup" && fields[2] != "cgroup2")) continue;
    bool cpuset = false;
    for (const auto& option : split(fields[3], ',')) cpuset = cpuset || option == "cpuset";
    found.push_back({fields[1], fields[2] == "cgroup" && cpuset});
  }
  return found;
}

std::vector<UniqueFd> make_cgroup(const std::string& path) {
  std::vector<UniqueFd> entrances;
  for (const auto& hierarchy : hierarchies()) {
    fs::path group = hierarchy.root;
    for (const auto& part : fs::path(path)) {
      group /= part;
      if (::mkdir(group.c_str(), 0755) != 0) {
        if (errno == EEXIST) continue;
        throw system_error("cannot make the cgroup", group);
      }
      if (hierarchy.cpuset) inherit_cpuset(group);
    }
    const fs::path entrance = group / "cgroup.procs";
    entrances.emplace_back(::open(entrance.c_str(), O_WRONLY | O_CLOEXEC));
    if (!entrances.back()) throw system_error("cannot open", entrance);
  }
  return entrances;
}

void remove_cgroup(const std::string& path, Deadline deadline) {
  for (const auto& hierarchy : hierarchies()) {
    if (fs::exists(hierarchy.root / path)) remove_below(hierarchy.root / path, deadline);
  }
}

bool cgroup_exists(const std::string& path) {
  for (const auto& hierarchy : hierarchies()) {
    if (fs::exists(hierarchy.root / path)) return true;
  }
  return false;
}

}  // namespace labctl::lab
