#pragma once

#include "base/durable_lines.hpp"

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::lab {

// An object that a lab creates on the machine. It is entered in the journal before it is created, so that the
// journal alone lists what to remove: an entry means "may exist".
struct Entry {
  enum class What {
    tree,    // target: a file or folder with all below it
    netns,   // target: the file a network namespace is bound to (a mount), and every process in it
    link,    // target: a network interface of this machine
    cgroup,  // target: a cgroup with all below it, in every hierarchy; relative to the hierarchy's root
    loop,    // target: the file behind a loop device
  };
  What what;
  std::string target;
  bool operator==(const Entry&) const = default;
};

std::string_view to_string(Entry::What what);
// "link lab-default": the kind, a blank, the target to the end of the line.
std::string to_line(const Entry& entry);

// Entries in the order of creation. A last line without newline was cut off by a crash before its object was
// created, and is skipped. Any other malformed line is Error{invalid} with `where` "FILE:LINE".
std::vector<Entry> parse_journal(std::string_view text, const std::string& where);

// nullopt if there is none.
std::optional<std::vector<Entry>> read_journal(const std::filesystem::path& path);

// Appends; an entry is on disk when enter() returns. Thread-safe.
class Journal {
public:
  explicit Journal(const std::filesystem::path& path);
  void enter(const std::vector<Entry>& entries);

private:
  DurableLines lines_;
  std::mutex mutex_;
};

}  // namespace labctl::lab
