#include "lab/journal.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace labctl::lab {
namespace {

constexpr std::array<std::pair<Entry::What, std::string_view>, 5> kinds{{{Entry::What::tree, "tree"},
                                                                         {Entry::What::netns, "netns"},
                                                                         {Entry::What::link, "link"},
                                                                         {Entry::What::cgroup, "cgroup"},
                                                                         {Entry::What::loop, "loop"}}};

std::optional<Entry> parse_line(std::string_view line) {
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos || blank + 1 == line.size()) return std::nullopt;
  for (const auto& [what, word] : kinds) {
    if (line.substr(0, blank) == word) return Entry{what, std::string(line.substr(blank + 1))};
  }
  return std::nullopt;
}

void sync_folder(const std::filesystem::path& folder) {
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) throw system_error("cannot sync folder", folder);
}

}  // namespace

std::string_view to_string(Entry::What what) {
  for (const auto& [kind, word] : kinds) {
    if (kind == what) return word;
  }
  return "";
}

std::string to_line(const Entry& entry) { return std::string(to_string(entry.what)) + " " + entry.target; }

std::vector<Entry> parse_journal(std::string_view text, const std::string& where) {
  std::vector<Entry> entries;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) break;
    const auto entry = parse_line(text.substr(0, end));
    if (!entry) {
      throw Error(Kind::invalid, "not a journal entry: '" + std::string(text.substr(0, end)) + "'",
                  where + ":" + std::to_string(number), "written by another version of labctl?");
    }
    entries.push_back(*entry);
    text.remove_prefix(end + 1);
  }
  return entries;
}

std::optional<std::vector<Entry>> read_journal(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  return parse_journal(read_file(path), path);
}

Journal::Journal(const std::filesystem::path& path)
    : path_(path), fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  if (!fd_) throw system_error("cannot open the journal", path);
  sync_folder(path.parent_path());
}

void Journal::enter(const std::vector<Entry>& entries) {
  std::string text;
  for (const auto& entry : entries) {
    // A line break would read back as another entry.
    if (entry.target.empty() || entry.target.find('\n') != std::string::npos) {
      throw Error(Kind::invalid, "cannot be entered in a journal: '" + entry.target + "'", path_);
    }
    text += to_line(entry) + "\n";
  }
  const std::lock_guard guard(mutex_);
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t count = ::write(fd_.get(), rest.data(), rest.size());
    if (count < 0 && errno != EINTR) throw system_error("cannot write the journal", path_);
    if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fdatasync(fd_.get()) != 0) throw system_error("cannot write the journal", path_);
}

}  // namespace labctl::lab
