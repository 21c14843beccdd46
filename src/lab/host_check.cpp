#include "lab/host_check.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "lab/cgroups.hpp"

#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/utsname.h>

#include <cerrno>
#include <filesystem>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;

std::string loadable_modules() {
  utsname system{};
  ::uname(&system);
  const auto folder = fs::path("/lib/modules") / system.release;
  return read_or_nothing(folder / "modules.dep") + read_or_nothing(folder / "modules.builtin");
}

// inotify(7): the limit counts the instances of a user, here root.
void require_inotify(int nodes) {
  std::vector<UniqueFd> tried;
  for (int i = 0; i < nodes; ++i) {
    tried.emplace_back(::inotify_init1(IN_CLOEXEC));
    if (tried.back()) continue;
    if (errno != EMFILE) throw system_error("cannot make an inotify instance");
    throw Error(Kind::lab,
                fmt::format("root has {} inotify instances left of {}, and a lab of {} nodes needs {}", i,
                            trim(read_or_nothing("/proc/sys/fs/inotify/max_user_instances")), nodes, nodes),
                "this machine", "sysctl fs.inotify.max_user_instances=1024");
  }
}

}  // namespace

bool has_file_system(std::string_view filesystems, std::string_view modules, const std::string& name) {
  for (const auto& line : lines(filesystems)) {
    if (trim(line.substr(line.find('\t') == std::string::npos ? 0 : line.find('\t'))) == name) return true;
  }
  return modules.find("/" + name + ".ko") != std::string_view::npos;
}

std::vector<std::string> lacking_in_kernel() {
  std::vector<std::string> lacking;
  const auto filesystems = read_or_nothing("/proc/filesystems");
  const auto modules = loadable_modules();
  for (const auto* name : {"btrfs", "overlay"}) {
    if (!has_file_system(filesystems, modules, name))
      lacking.push_back(std::string(name) + " (/proc/filesystems)");
  }
  std::error_code ignored;
  if (!fs::exists("/dev/loop-control", ignored)) lacking.emplace_back("loop devices (/dev/loop-control)");
  if (parse_cgroup_hierarchies(read_or_nothing("/proc/self/mounts")).empty())
    lacking.emplace_back("cgroups (/proc/self/mounts)");
  return lacking;
}

void require_host(int nodes) {
  const auto lacking = lacking_in_kernel();
  if (!lacking.empty()) {
    throw Error(Kind::lab, "the kernel has no " + join(lacking, ", no "), "this machine",
                "a lab needs a full kernel: not a container's, and not WSL's");
  }
  require_inotify(nodes);
}

}  // namespace labctl::lab
