#include "base/durable_lines.hpp"

#include "base/atomic_file.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"

#include <unistd.h>

#include <cerrno>

namespace labctl {

DurableLines::DurableLines(const std::filesystem::path& path, mode_t mode, int flags)
    : path_(path), fd_(::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | flags, mode)) {
  if (!fd_) throw system_error("cannot open the journal", path);
  sync_folder(path.parent_path());
}

void DurableLines::append(std::string_view lines) {
  write_all(fd_.get(), lines, path_);
  if (::fdatasync(fd_.get()) != 0) throw system_error("cannot write the journal", path_);
}

void DurableLines::drop_cut_off_line() {
  const auto text = read_file(path_);
  const auto whole = text.rfind('\n') + 1;  // npos + 1 is 0
  if (whole == text.size()) return;
  if (::ftruncate(fd_.get(), static_cast<off_t>(whole)) != 0)
    throw system_error("cannot write the journal", path_);
}

bool DurableLines::rename(const std::filesystem::path& path) {
  // Not rename(2): it would replace an existing file.
  if (::link(path_.c_str(), path.c_str()) != 0) {
    if (errno == EEXIST) return false;
    throw system_error("cannot rename the journal", path_);
  }
  ::unlink(path_.c_str());
  path_ = path;
  sync_folder(path.parent_path());
  return true;
}

std::vector<std::string_view> whole_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace labctl
