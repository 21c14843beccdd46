#pragma once

#include <string>
#include <vector>

namespace labctl::scenarios {

// What a branch of the test service promises (contract 8.2): what scenarios expect of a deployment.
struct TestService {
  std::string branch;
  std::string domain;
  std::vector<std::string> services;         // of its compose file
  std::vector<std::string> managed_volumes;  // on the volume plugin, by their keys
  std::vector<std::string> local_volumes;    // driver local
  std::vector<std::string> urls;             // Caddy site keys
  std::string haproxy_config;                // name of its HAPROXY configuration
};

// HTTP by CADDYFILE, ssh sidecar, two managed volumes, a local one.
TestService master_branch();

}  // namespace labctl::scenarios
