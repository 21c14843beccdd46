#include "tunnels/daemon_lock.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace labctl::tunnels {
namespace {

namespace fs = std::filesystem;

bool is_number(const std::string& name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); });
}

// The file whose path ends in `tail` and that the process has open; empty if there is none or access is
// denied.
fs::path open_file(const fs::path& process, const fs::path& tail) {
  std::error_code error;
  for (fs::directory_iterator fd(process / "fd", error), end; !error && fd != end; fd.increment(error)) {
    std::error_code ignored;
    fs::path target = fs::read_symlink(fd->path(), ignored);
    if (target.filename() == tail.filename() && target.parent_path().filename() == tail.parent_path())
      return target;
  }
  return {};
}

}  // namespace

DaemonLock::DaemonLock(const DaemonPaths& paths)
    : path_(paths.lock), file_(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (!file_) throw system_error("cannot open", path_);
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
    throw Error(Kind::conflict, "another tunnel daemon of this inventory is running", paths.folder,
                "labctl tunnels status");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file_.get(), 0) != 0 || ::pwrite(file_.get(), pid.data(), pid.size(), 0) < 0)
    throw system_error("cannot write", path_);
}

bool DaemonLock::in_place() const {
  struct stat ours {
  }, found{};
  return ::fstat(file_.get(), &ours) == 0 && ::lstat(path_.c_str(), &found) == 0 &&
         ours.st_dev == found.st_dev && ours.st_ino == found.st_ino;
}

std::optional<DaemonElsewhere> find_daemon_elsewhere(const std::string& inventory) {
  const fs::path tail = fs::path(inventory) / DaemonPaths::of(inventory).lock.filename();
  std::error_code error;
  for (fs::directory_iterator process("/proc", error), end; !error && process != end;
       process.increment(error)) {
    const std::string name = process->path().filename();
    struct stat owner {};
    if (!is_number(name) || ::stat(process->path().c_str(), &owner) != 0 || owner.st_uid != ::geteuid())
      continue;
    const fs::path lock = open_file(process->path(), tail);
    std::error_code ignored;
    const fs::path folder = lock.parent_path().parent_path();
    if (lock.empty() || folder == runtime_dir() || !fs::exists(lock, ignored)) continue;
    return DaemonElsewhere{static_cast<pid_t>(std::stol(name)), folder};
  }
  return std::nullopt;
}

std::string daemon_elsewhere_note(const std::string& inventory) {
  if (std::getenv("LABCTL_RUNTIME_DIR") != nullptr) return {};
  const auto found = find_daemon_elsewhere(inventory);
  if (!found) return {};
  return fmt::format(
      "a daemon of yours (pid {}) has tunnels of inventory {} up in another runtime folder: "
      "LABCTL_RUNTIME_DIR={} labctl tunnels status",
      found->pid, inventory, found->folder.string());
}

}  // namespace labctl::tunnels
