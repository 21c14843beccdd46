#pragma once

#include "base/unique_fd.hpp"

#include <filesystem>
#include <optional>

namespace labctl::agent {

// An exclusive lock on a dedicated file: created by the process that locks it, removed at unlock. The kernel
// releases the lock of a process that dies. A forked child holds it too, until both have ended.
class FileLock {
public:
  // Waits while another process holds it: holders have their own deadlines, and a dead process holds nothing.
  static FileLock take(const std::filesystem::path& path);
  // nullopt if another holds it.
  static std::optional<FileLock> try_take(const std::filesystem::path& path);

  FileLock(FileLock&& other) noexcept = default;
  FileLock& operator=(FileLock&& other) noexcept;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

  // For a forked child that continues without the lock: closes the child's descriptor; the parent keeps the
  // lock.
  void leave_to_parent();

private:
  FileLock(UniqueFd fd, std::filesystem::path path) : fd_(std::move(fd)), path_(std::move(path)) {}
  static std::optional<FileLock> attempt(const std::filesystem::path& path, bool wait);
  void let_go();

  UniqueFd fd_;
  std::filesystem::path path_;
};

}  // namespace labctl::agent
