#include "scenarios/test_service.hpp"

#include "base/text.hpp"
#include "scenarios/service_repository.hpp"

#include <algorithm>

namespace labctl::scenarios {
namespace {

const NamedVolume database{"dbdata", "database"};
const NamedVolume data{"anyblok_data", "data"};
const NamedVolume cache{"cache_data", "local cache"};

}  // namespace

bool TestService::manages(const std::string& key) const {
  return std::any_of(managed_volumes.begin(), managed_volumes.end(),
                     [&](const auto& volume) { return volume.key == key; });
}

std::vector<std::string> TestService::managed_keys() const {
  std::vector<std::string> keys;
  for (const auto& volume : managed_volumes) keys.push_back(volume.key);
  return keys;
}

TestService master_branch() {
  TestService service;
  service.source = service.branch = "master";
  service.domain = "service.cluster.lab";
  service.services = {"anyblok", "anyblok_ssh", "dbserver"};
  service.managed_volumes = {database, data};
  service.local_volumes = {cache};
  service.sites = service.check_urls = {"http://service.cluster.lab"};
  service.haproxy_configs = {"sshanyblok"};
  service.haproxy_backends = {"anyssh"};
  return service;
}

TestService without_caddyfile_branch() {
  auto service = master_branch();
  service.source = service.branch = "without_caddyfile";
  service.sites = {};
  service.haproxy_configs = {"http-in", "sshanyblok"};
  return service;
}

TestService missing_volume_branch() {
  auto service = without_caddyfile_branch();
  service.source = service.branch = "missing_volume";
  service.managed_volumes = {database};
  return service;
}

TestService qualif_branch() {
  auto service = without_caddyfile_branch();
  service.source = service.branch = "qualif";
  service.domain = "service.qualif.cluster.lab";
  service.check_urls = {"http://service.qualif.cluster.lab"};
  service.services = {"anyblok", "dbserver"};
  service.haproxy_configs = {"http-in"};
  service.haproxy_backends = {};
  service.has_ssh = false;
  return service;
}

TestService bind_relative_path_branch() {
  auto service = master_branch();
  service.source = service.branch = "bind_relative_path";
  service.services = {"anyblok", "dbserver"};
  service.haproxy_configs = service.haproxy_backends = {};
  service.has_ssh = false;
  return service;
}

TestService build_copy_symlink_branch() {
  auto service = bind_relative_path_branch();
  service.source = service.branch = "build_copy_symlink";
  return service;
}

TestService update_script_branch() {
  auto service = master_branch();
  service.source = service.branch = "update_script";
  service.services = {"anyblok", "anyblok_ssh", "dbserver", "test"};
  service.short_lived = {"test"};
  service.local_volumes = {cache, {"test_tmp", "scratch"}};
  return service;
}

TestService in_slot(TestService service, const cluster::Slot& slot) {
  if (slot.plain()) return service;
  const auto domain = marked_domain(slot, service.domain);
  for (auto* urls : {&service.sites, &service.check_urls}) {
    for (auto& url : *urls) url = replace_all(url, service.domain, domain);
  }
  service.branch = marked_branch(slot, service.branch);
  service.domain = domain;
  for (auto* names : {&service.haproxy_configs, &service.haproxy_backends}) {
    for (auto& name : *names) {
      if (name != "http-in") name = marked_name(slot, name);
    }
  }
  return service;
}

}  // namespace labctl::scenarios
