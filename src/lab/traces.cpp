#include "lab/traces.hpp"

#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "lab/cgroups.hpp"
#include "lab/processes.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <optional>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;

constexpr long nsfs_magic = 0x6e736673;

bool is_namespace(const std::string& file) {
  struct statfs found {};
  return ::statfs(file.c_str(), &found) == 0 && found.f_type == nsfs_magic;
}

// The loop devices that use this file. They are found by device and inode, because the kernel shows the
// file's path as the node that attached it sees it.
std::vector<fs::path> loop_devices(const std::string& file) {
  struct stat wanted {};
  if (::stat(file.c_str(), &wanted) != 0) return {};
  std::vector<fs::path> devices;
  for (const auto& block : fs::directory_iterator("/sys/block")) {
    std::error_code none;
    if (!fs::exists(block.path() / "loop", none)) continue;
    const fs::path device = "/dev" / block.path().filename();
    const UniqueFd fd(::open(device.c_str(), O_RDONLY | O_CLOEXEC));
    loop_info64 info{};
    if (!fd || ::ioctl(fd.get(), LOOP_GET_STATUS64, &info) != 0) continue;
    if (info.lo_device == wanted.st_dev && info.lo_inode == wanted.st_ino) devices.push_back(device);
  }
  return devices;
}

bool link_exists(const std::string& name) { return fs::exists("/sys/class/net/" + name); }

std::optional<std::string> trace_of(const Entry& entry) {
  switch (entry.what) {
    case Entry::What::tree:
      if (fs::exists(fs::symlink_status(entry.target))) return "folder " + entry.target;
      break;
    case Entry::What::netns:
      if (is_namespace(entry.target)) {
        const auto count = processes_in(fs::path(entry.target)).size();
        return fmt::format("network namespace {}{}", entry.target,
                           count == 0 ? "" : fmt::format(" with {} processes", count));
      }
      break;
    case Entry::What::link:
      if (link_exists(entry.target)) return "interface " + entry.target;
      break;
    case Entry::What::cgroup:
      if (cgroup_exists(entry.target)) return "cgroup /" + entry.target;
      break;
    case Entry::What::loop:
      for (const auto& device : loop_devices(entry.target))
        return "loop device " + device.string() + " on " + entry.target;
      break;
  }
  return std::nullopt;
}

void remove_netns(const std::string& file) {
  // Several may be mounted on the same file if a killed `up` was repeated by hand.
  while (is_namespace(file)) {
    if (::umount2(file.c_str(), MNT_DETACH) != 0) throw system_error("cannot unmount", file);
  }
  fs::remove(file);
}

void detach_loops(const std::string& file) {
  for (const auto& device : loop_devices(file)) {
    const UniqueFd fd(::open(device.c_str(), O_RDWR | O_CLOEXEC));
    if (fd && ::ioctl(fd.get(), LOOP_CLR_FD, 0) != 0 && errno != ENXIO)
      throw system_error("cannot detach", device);
  }
}

void remove(const Entry& entry, Deadline deadline) {
  switch (entry.what) {
    case Entry::What::tree:
      fs::remove_all(entry.target);
      break;
    case Entry::What::netns:
      remove_netns(entry.target);
      break;
    case Entry::What::link:
      if (link_exists(entry.target))
        run_checked({.argv = {"ip", "link", "delete", "dev", entry.target}}, deadline);
      break;
    case Entry::What::cgroup:
      remove_cgroup(entry.target, deadline);
      break;
    case Entry::What::loop:
      detach_loops(entry.target);
      break;
  }
}

// Below one of the folders. Neither ".." nor a symbolic link in between can lead out; if the target itself is
// a link, only the link is removed.
bool lies_in(const fs::path& target, const std::vector<fs::path>& folders) {
  const fs::path named = target.lexically_normal();
  const fs::path real = fs::weakly_canonical(named.parent_path()) / named.filename();
  return std::any_of(folders.begin(), folders.end(), [&](const fs::path& folder) {
    const fs::path above = fs::weakly_canonical(folder);
    const auto [end, rest] = std::mismatch(above.begin(), above.end(), real.begin(), real.end());
    return end == above.end() && rest != real.end();
  });
}

}  // namespace

std::vector<std::string> traces_of(const std::vector<Entry>& entries) {
  std::vector<std::string> found;
  for (const auto& entry : entries) {
    if (auto trace = trace_of(entry)) found.push_back(std::move(*trace));
  }
  return found;
}

void remove_traces(const std::vector<Entry>& entries, const std::vector<fs::path>& allowed,
                   Deadline deadline) {
  std::vector<fs::path> namespaces;
  for (const auto& entry : entries) {
    if (entry.what == Entry::What::netns) namespaces.emplace_back(entry.target);
    if (entry.what == Entry::What::tree && !lies_in(entry.target, allowed)) {
      throw Error(Kind::invalid, "the journal names a folder that is not the lab's", entry.target,
                  "nothing was removed; look at the journal");
    }
  }
  kill_processes_in(namespaces, deadline);
  std::optional<Error> first;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    try {
      remove(*entry, deadline);
    } catch (...) {
      if (!first) first = current_error();
    }
  }
  if (first) throw Error(*first);
}

}  // namespace labctl::lab
