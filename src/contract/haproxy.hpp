#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

// The variable HAPROXY of a service (contract 5.2), and merging those of one app into the record's `haproxy`.
namespace labctl::contract {

struct HaproxyText {
  std::string service;
  std::string container;
  nlohmann::ordered_json value;  // of the variable: text with YAML, or something invalid
};

struct HaproxyMerge {
  nlohmann::ordered_json config = nlohmann::ordered_json::object();
  std::vector<std::string> warnings;  // a service whose text was ignored, and why
};

// Services in file order. Error{invalid} where the contract says failure: YAML that is not a map, an entry
// without `backends`, or `bind`/`options` to be merged into an entry without `frontend`.
HaproxyMerge merge_haproxy(const std::vector<HaproxyText>& texts);

// Problems that would prevent HAProxy from loading the rendered configuration, one line each: no mode or
// bind, no port, a name that is not one word. Empty if there are none.
std::vector<std::string> haproxy_problems(const nlohmann::ordered_json& config);

}  // namespace labctl::contract
