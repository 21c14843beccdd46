#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the handler reads from a repository's docker-compose.yml (contract 1 and 5): the raw file, no
// interpolation, no override files, no env_file.
namespace labctl::contract {

struct Service {
  std::string name;
  std::string image;    // "" if none
  bool builds = false;  // has `build:`
  // Values of the mapping form of `environment:`; nullopt if not set. A value may be null or a structure: the
  // user of the field decides what that means.
  std::optional<nlohmann::ordered_json> caddyfile, haproxy, check_urls;
};

struct Compose {
  std::vector<Service> services;     // in file order
  std::vector<std::string> managed;  // keys under `volumes:` whose driver is the managed one, in file order
  // What the cluster does not see, or sees otherwise than docker-compose does.
  std::vector<std::string> warnings;
};

// Error{invalid} if the text is not YAML or not a mapping.
Compose parse_compose(std::string_view text, std::string_view managed_driver);

}  // namespace labctl::contract
