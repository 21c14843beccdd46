#pragma once

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::doctor {

enum class Severity { warning, failure };

// One kind of trouble: what the doctor can find, and what helps. All of them stand in one table, catalogue().
struct Trouble {
  std::string_view id;  // kebab-case, stable: scripts match on it
  Severity severity;
  std::string_view meaning;
  std::string_view remedy;  // {} stands for the subjects
};

std::span<const Trouble> catalogue();
// Our own ids only: an unknown one is a bug.
const Trouble& trouble(std::string_view id);

// A trouble that was found, with what it was found on and by.
struct Finding {
  std::string id;
  std::vector<std::string> subjects;  // nodes, forwards, files or labs
  std::vector<std::string> evidence;  // what was seen, a line each
  std::string remedy;

  Severity severity() const { return trouble(id).severity; }
  bool operator==(const Finding&) const = default;
};

void to_json(nlohmann::ordered_json& json, const Finding& finding);

}  // namespace labctl::doctor
