#pragma once

#include "contract/caddyfile.hpp"
#include "contract/compose.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace labctl::contract {

// What the variables of an app's services say (contract 5), in file order.
struct AppSettings {
  std::vector<Site> sites;  // with defaults
  nlohmann::ordered_json haproxy = nlohmann::ordered_json::object();
  std::vector<std::string> check_urls;
  std::vector<std::string> problems;  // the app is not deployed with any of them
  std::vector<std::string> warnings;  // those of the compose file first
};

AppSettings app_settings(const Compose& compose, std::string_view project);

}  // namespace labctl::contract
