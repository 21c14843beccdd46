#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::doctor {

// A note is worth knowing but is no problem: it never makes the doctor's exit status 1, even with --strict.
enum class Severity { note, warning, failure };
std::string_view to_string(Severity severity);

// One kind of problem that the doctor can find. `labctl doctor --explain ID` prints all of it.
struct Trouble {
  std::string_view id;  // kebab-case, stable: scripts match on it
  Severity severity;
  std::string_view meaning;
  std::string_view cause;     // how it comes about
  std::string_view evidence;  // what was observed when the doctor says so
  std::string_view remedy;    // {} is replaced by the subjects
};

// The kinds of one area, from what labctl itself needs to what is far behind the tunnels.
struct Group {
  std::string_view name;
  std::string_view about;
  std::span<const Trouble> troubles;
};

std::span<const Group> groups();
// Only for ids of the catalogue: an unknown one is a bug.
const Trouble& trouble(std::string_view id);
// Its index in groups().
std::size_t group_of(std::string_view id);
// nullptr if the catalogue does not have it.
const Trouble* find_trouble(std::string_view id);

// A problem that was found, with its subjects and evidence.
struct Finding {
  std::string id;
  std::vector<std::string> subjects;  // nodes, forwards, files or labs
  std::vector<std::string> evidence;  // observations, one line each
  std::string remedy;

  Severity severity() const { return trouble(id).severity; }
  bool operator==(const Finding&) const = default;
};

void to_json(nlohmann::ordered_json& json, const Finding& finding);

}  // namespace labctl::doctor
