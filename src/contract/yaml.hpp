#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace labctl::contract {

// YAML as the cluster's handlers read it: for duplicate mapping keys the last value wins (at the place of the
// first), plain scalars follow YAML 1.1 ("yes" is true, 0777 octal, 1:30 base 60), merge keys (<<) work.
// Error{invalid} with `where` for text that is not YAML, has recursive aliases, or expands excessively
// through aliases.
nlohmann::ordered_json parse_yaml(std::string_view text, const std::string& where);

}  // namespace labctl::contract
