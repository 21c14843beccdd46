#include "cli/environment.hpp"

#include "base/text.hpp"
#include "inventory/names.hpp"

#include <algorithm>
#include <filesystem>

namespace labctl::cli {
namespace {

// Docker: docs.docker.com, "Docker CLI environment variables"; Consul: consul/api/api.go.
constexpr const char* tls_variables[] = {"DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH",
                                         "CONSUL_HTTP_SSL"};
constexpr const char* proxy_variables[] = {"http_proxy",  "HTTP_PROXY", "https_proxy",
                                           "HTTPS_PROXY", "all_proxy",  "ALL_PROXY"};

bool is_set(const Environment& given, const char* name) {
  const char* value = given(name);
  return value != nullptr && *value != '\0';
}

// HOST:PORT, as in Consul's documentation: python-consul takes no http:// before it. Consul's own programs
// take both.
std::string consul_address(const Endpoint& end) {
  return end.is_unix_socket() ? url(end, "http") : to_string(end);
}

// Programs read the one or the other, so both get the hosts of both.
std::string no_proxy(const inventory::Inventory& inventory, const Environment& given) {
  std::vector<std::string> hosts;
  const auto add = [&](const std::string& host) {
    if (!host.empty() && std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(host);
  };
  for (const auto* name : {"no_proxy", "NO_PROXY"}) {
    if (!is_set(given, name)) continue;
    for (const auto& host : split(given(name), ',')) add(trim(host));
  }
  for (const auto* host : {"localhost", "127.0.0.1", "::1"}) add(host);
  for (const auto& [host, node] : inventory.hosts) add(host);
  return join(hosts, ",");
}

}  // namespace

std::vector<std::string> token_variables(const Environment& given) {
  std::vector<std::string> names;
  for (const auto* name : {"CONSUL_HTTP_TOKEN", "CONSUL_HTTP_TOKEN_FILE", "CONSUL_HTTP_AUTH"}) {
    if (is_set(given, name)) names.emplace_back(name);
  }
  return names;
}

std::vector<Variable> environment_of(const inventory::Inventory& inventory,
                                     const std::string& docker_host_node, const Environment& given) {
  std::vector<Variable> variables;
  variables.push_back({"CONSUL_HTTP_ADDR", consul_address(inventory.consul().local)});
  for (const auto& node : inventory.nodes) {
    variables.push_back({"DOCKER_HOST_" + inventory::variable_part(node.name),
                         url(inventory.docker(node.name).local, "tcp")});
  }
  if (!docker_host_node.empty())
    variables.push_back({"DOCKER_HOST", url(inventory.docker(docker_host_node).local, "tcp")});
  if (!inventory.source.empty())
    variables.push_back({"LABCTL_INVENTORY", std::filesystem::absolute(inventory.source).string()});
  for (const auto* name : tls_variables) {
    if (given(name) != nullptr) variables.push_back({name, std::nullopt});
  }
  if (std::any_of(std::begin(proxy_variables), std::end(proxy_variables),
                  [&](const auto* name) { return is_set(given, name); })) {
    for (const auto* name : {"no_proxy", "NO_PROXY"}) variables.push_back({name, no_proxy(inventory, given)});
  }
  return variables;
}

}  // namespace labctl::cli
