#pragma once

#include "agent/settings.hpp"
#include "contract/caddyfile.hpp"
#include "contract/checks.hpp"
#include "contract/compose.hpp"
#include "contract/names.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace labctl::agent {

// A clone of an app's repository below /deploy, and the cluster settings in its docker-compose.yml.
struct Project {
  std::filesystem::path directory;
  contract::Compose compose;
  std::vector<std::pair<std::string, std::string>> containers;  // service -> container
  std::vector<std::string> volumes;                             // managed ones, full names

  // Filled by check_project().
  std::vector<contract::Site> sites;  // of all services, with defaults
  nlohmann::ordered_json haproxy = nlohmann::ordered_json::object();
  std::vector<std::string> check_urls;
};

// git clone --depth 1, one retry, into `directory` (which is removed first), and COMPOSE_PROJECT_NAME in
// .env. `before` is called before each attempt, for the deploy date.
void clone_repository(const Settings& settings, const contract::AppName& app,
                      const std::filesystem::path& directory, const std::function<void()>& before);

// Reads docker-compose.yml of an existing clone. Error{not_found} if it is missing, Error{invalid} if it is
// malformed.
Project read_project(const Settings& settings, const contract::AppName& app,
                     const std::filesystem::path& directory);

// Validation before any change (contract 5): parses the variables of every service, compares site keys with
// `others`, translates the sites for Caddy 2. Error{invalid} with all reasons. Warnings go to the log, each
// with the app's name.
void check_project(Project& project, const contract::AppName& app, const std::string& master,
                   const std::vector<contract::OtherApp>& others);

}  // namespace labctl::agent
