#pragma once

#include "cluster/slot.hpp"

#include <string>
#include <vector>

namespace labctl::scenarios {

// A key of a compose file and a readable name.
struct NamedVolume {
  std::string key;    // "dbdata"
  std::string words;  // "database"
};

// What a branch of the test service promises (contract 8.2), as scenarios expect it.
struct TestService {
  std::string source;  // the branch of the repository that it comes from
  std::string branch;  // what is deployed: the source, or its copy for a slot
  std::string domain;
  std::vector<std::string> services;            // of its compose file
  std::vector<std::string> short_lived;         // those of them that end by themselves
  std::vector<NamedVolume> managed_volumes;     // on the volume plugin
  std::vector<NamedVolume> local_volumes;       // driver local
  std::vector<std::string> sites;               // Caddy site keys
  std::vector<std::string> check_urls;          // URLs that Consul checks: the sites and CONSUL_CHECK_URLS
  std::vector<std::string> haproxy_configs;     // names of its HAPROXY configurations
  std::vector<std::string> haproxy_backends{};  // names of their backends, if they have one
  bool has_ssh = true;                          // the sidecar

  bool through_caddy() const { return !sites.empty(); }
  bool manages(const std::string& key) const;
  std::vector<std::string> managed_keys() const;
};

TestService master_branch();
TestService without_caddyfile_branch();
TestService missing_volume_branch();
TestService qualif_branch();
TestService bind_relative_path_branch();
TestService build_copy_symlink_branch();
TestService update_script_branch();

// The service in a slot: branch, domain, URLs and HAPROXY names with its mark.
TestService in_slot(TestService service, const cluster::Slot& slot);

}  // namespace labctl::scenarios
