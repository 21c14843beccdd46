#pragma once

#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <sys/types.h>

#include <filesystem>
#include <string_view>
#include <vector>

namespace labctl {

// An append-only text file, the base of journals. When append() returns, its lines are on disk. One thread at
// a time.
class DurableLines {
public:
  // Opens the file, or creates it with this mode; its name is then on disk. `flags` are additional flags for
  // open(2).
  explicit DurableLines(const std::filesystem::path& path, mode_t mode = 0644, int flags = O_CREAT);

  // Complete lines, each with its newline.
  void append(std::string_view lines);
  // Removes an incomplete last line that a crash left. Only for the sole writer of the file.
  void drop_cut_off_line();
  int fd() const { return fd_.get(); }
  const std::filesystem::path& path() const { return path_; }
  // Renames the file on the same file system; the new name is on disk when it returns. False if a file of
  // that name exists.
  bool rename(const std::filesystem::path& path);

private:
  std::filesystem::path path_;
  UniqueFd fd_;
};

// The lines of a text without newlines. A last line without a newline was cut off by a crash and is skipped.
std::vector<std::string_view> whole_lines(std::string_view text);

}  // namespace labctl
