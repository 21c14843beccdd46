#pragma once

#include "base/unique_fd.hpp"

#include <filesystem>
#include <optional>

namespace labctl::agent {

// An exclusive lock on a file that exists for it alone: made by who wants it, removed by who lets go. The
// kernel lets go for a process that dies. A forked child holds it too, until both have ended.
class FileLock {
public:
  // Waits as long as another holds it; a holder works under deadlines of its own, and a dead one holds
  // nothing.
  static FileLock take(const std::filesystem::path& path);
  // nullopt if another holds it.
  static std::optional<FileLock> try_take(const std::filesystem::path& path);

  FileLock(FileLock&& other) noexcept = default;
  FileLock& operator=(FileLock&& other) noexcept;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

  // For a forked child that is to go on without it: closes the child's share, the parent's stays locked.
  void leave_to_parent();

private:
  FileLock(UniqueFd fd, std::filesystem::path path) : fd_(std::move(fd)), path_(std::move(path)) {}
  static std::optional<FileLock> attempt(const std::filesystem::path& path, bool wait);
  void let_go();

  UniqueFd fd_;
  std::filesystem::path path_;
};

}  // namespace labctl::agent
