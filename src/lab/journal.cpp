#include "lab/journal.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"

#include <array>
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
  for (const auto line : whole_lines(text)) {
    const auto entry = parse_line(line);
    if (!entry) {
      throw Error(Kind::invalid, "not a journal entry: '" + std::string(line) + "'",
                  where + ":" + std::to_string(entries.size() + 1), "written by another version of labctl?");
    }
    entries.push_back(*entry);
  }
  return entries;
}

std::optional<std::vector<Entry>> read_journal(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  return parse_journal(read_file(path), path);
}

Journal::Journal(const std::filesystem::path& path) : lines_(path) { lines_.drop_cut_off_line(); }

void Journal::enter(const std::vector<Entry>& entries) {
  std::string text;
  for (const auto& entry : entries) {
    // A line break would be read as the start of another entry.
    if (entry.target.empty() || entry.target.find('\n') != std::string::npos) {
      throw Error(Kind::invalid, "cannot be entered in a journal: '" + entry.target + "'", lines_.path());
    }
    text += to_line(entry) + "\n";
  }
  const std::lock_guard guard(mutex_);
  lines_.append(text);
}

}  // namespace labctl::lab
