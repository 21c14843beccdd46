#pragma once

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::doctor {

enum class Severity { warning, failure };

// One kind of problem that the doctor can find, with its remedy. All are in one table, catalogue().
struct Trouble {
  std::string_view id;  // kebab-case, stable: scripts match on it
  Severity severity;
  std::string_view meaning;
  std::string_view remedy;  // {} is replaced by the subjects
};

std::span<const Trouble> catalogue();
// Only for ids of the catalogue: an unknown one is a bug.
const Trouble& trouble(std::string_view id);

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
