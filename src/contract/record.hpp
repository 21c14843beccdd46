#pragma once

#include "contract/placement.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace labctl::contract {

// The value of KV `app/N` (contract 3): what is deployed where. Exactly these fields: third-party clients
// convert them to named tuples.
struct Record {
  nlohmann::ordered_json haproxy = nlohmann::ordered_json::object();  // merged configuration, {} if none
  std::string caddyfile;                                              // rendered Caddy 1 text, "" if none
  std::string repo_url;
  std::string branch;
  std::string deploy_date;  // see format_deploy_date; compared as text
  std::string deploy_id;    // "" only in records of old handlers, which had none
  std::optional<std::string> previous_deploy_id;
  std::vector<std::string> domains;
  std::string urls;
  std::string ip;
  Placement at;
  std::vector<std::pair<std::string, std::string>> ct;  // service -> container, in file order
  std::vector<std::string> volumes;                     // managed volumes
};

// Error{invalid} if the text is not a JSON object or a field has a wrong type; missing fields are empty.
Record parse_record(std::string_view text);
std::string to_text(const Record& record);

// "2026-11-22T140245.706922": no colons, sorts by time.
std::string format_deploy_date(std::int64_t unix_microseconds);  // in local time

}  // namespace labctl::contract
