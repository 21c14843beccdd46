#include "lab/lock.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "lab/processes.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;

bool is_still(const UniqueFd& fd, const fs::path& file) {
  struct stat opened {
  }, named{};
  return ::fstat(fd.get(), &opened) == 0 && ::stat(file.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

bool try_lock(const UniqueFd& fd) { return ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0; }

// flock(2) has no timeout, but flock(1) has one. It inherits our open file, so its lock is ours.
bool wait_for_lock(const UniqueFd& fd, Deadline deadline) {
  const auto seconds = std::chrono::duration<double>(deadline.left()).count();
  return run({.argv = {"flock", "--wait", fmt::format("{:.3f}", seconds), std::to_string(fd.get())}},
             Deadline::in(deadline.left() + std::chrono::seconds(5)))
      .ok();
}

// The pid of the labctl that took the lock, if that process still has the file open; otherwise empty.
std::string owner_of(const fs::path& file) {
  std::string pid;
  try {
    pid = trim(read_file(file));
  } catch (const Error&) {
    return {};
  }
  if (pid.empty()) return {};
  std::error_code gone;
  for (fs::directory_iterator it("/proc/" + pid + "/fd", gone), end; !gone && it != end; it.increment(gone)) {
    std::error_code ignored;
    if (fs::equivalent(it->path(), file, ignored)) return pid;
  }
  return {};
}

}  // namespace

Lock::Lock(const fs::path& file, Deadline deadline) : file_(file) {
  for (;;) {
    fs::create_directories(file.parent_path());
    // No O_CLOEXEC: see the class comment.
    fd_.reset(::open(file.c_str(), O_RDWR | O_CREAT, 0644));  // NOLINT(android-cloexec-open)
    if (!fd_) {
      if (errno == ENOENT) continue;
      throw system_error("cannot open the lock", file);
    }
    if (!try_lock(fd_)) {
      if (owner_of(file).empty()) kill_processes_holding(file, deadline);
      if (!try_lock(fd_) && !wait_for_lock(fd_, deadline)) {
        const std::string owner = owner_of(file);
        throw Error(Kind::conflict,
                    owner.empty() ? "another labctl is at work on this lab"
                                  : fmt::format("another labctl (process {}) is at work on this lab", owner),
                    file.parent_path().filename(), "wait for it, or end it");
      }
    }
    // The previous holder may have removed the file, and another process may have created a new one.
    if (is_still(fd_, file)) break;
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd_.get(), 0) != 0 || ::pwrite(fd_.get(), pid.data(), pid.size(), 0) < 0) {
    throw system_error("cannot write the lock", file);
  }
}

void Lock::remove() { fs::remove(file_); }

bool held(const fs::path& file) { return !owner_of(file).empty(); }

UniqueFd lock_folder(const fs::path& folder, Deadline deadline) {
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY));  // NOLINT(android-cloexec-open): as in Lock
  if (!fd) throw system_error("cannot open", folder);
  if (!try_lock(fd) && !wait_for_lock(fd, deadline)) {
    throw Error(Kind::conflict,
                fmt_seconds("another labctl has held the lock of this folder for", deadline.budget()),
                folder);
  }
  return fd;
}

}  // namespace labctl::lab
