#pragma once

#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <sys/types.h>

#include <filesystem>
#include <string_view>
#include <vector>

namespace labctl {

// A text file that only grows, line by line: what journals are made of. What append() was given is on the
// disk when it returns. One thread at a time.
class DurableLines {
public:
  // Opens the file, or makes it with this mode; its name is on the disk then. `flags` for open(2), beside its
  // own.
  explicit DurableLines(const std::filesystem::path& path, mode_t mode = 0644, int flags = O_CREAT);

  // Whole lines, each with its end.
  void append(std::string_view lines);
  // Takes off what a crash left of a line that was never whole. For who alone writes to the file.
  void drop_cut_off_line();
  int fd() const { return fd_.get(); }
  const std::filesystem::path& path() const { return path_; }
  // Gives the file another name on the same file system; also that is on the disk then. False if there is a
  // file of that name already.
  bool rename(const std::filesystem::path& path);

private:
  std::filesystem::path path_;
  UniqueFd fd_;
};

// The lines of a text without their ends. A last one without its end was cut off by a crash, and is left out.
std::vector<std::string_view> whole_lines(std::string_view text);

}  // namespace labctl
