#include "agent/file_lock.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace labctl::agent {

std::optional<FileLock> FileLock::attempt(const std::filesystem::path& path, bool wait) {
  for (;;) {
    UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!fd) throw system_error("cannot open the lock", path.string());
    while (::flock(fd.get(), LOCK_EX | (wait ? 0 : LOCK_NB)) != 0) {
      if (errno == EWOULDBLOCK) return std::nullopt;
      if (errno != EINTR) throw system_error("cannot lock", path.string());
    }
    // The previous holder may have removed the file between our open and our lock. Then others lock a new
    // file, so try again.
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) throw system_error("cannot read the lock", path.string());
    if (status.st_nlink > 0) return FileLock(std::move(fd), path);
  }
}

FileLock FileLock::take(const std::filesystem::path& path) { return *attempt(path, true); }

std::optional<FileLock> FileLock::try_take(const std::filesystem::path& path) { return attempt(path, false); }

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  if (this != &other) {
    let_go();
    fd_ = std::move(other.fd_);
    path_ = std::move(other.path_);
  }
  return *this;
}

FileLock::~FileLock() { let_go(); }

void FileLock::let_go() {
  if (!fd_) return;
  ::unlink(path_.c_str());  // while we still hold the lock
  fd_.reset();
}

void FileLock::leave_to_parent() { fd_.reset(); }

}  // namespace labctl::agent
