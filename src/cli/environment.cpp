#include "cli/environment.hpp"

#include "base/text.hpp"
#include "inventory/names.hpp"

#include <filesystem>

namespace labctl::cli {
std::vector<std::pair<std::string, std::string>> environment_of(const inventory::Inventory& inventory,
                                                                const std::string& docker_host_node) {
  std::vector<std::pair<std::string, std::string>> variables;
  variables.emplace_back("CONSUL_HTTP_ADDR", url(inventory.consul().local, "http"));
  for (const auto& node : inventory.nodes) {
    variables.emplace_back("DOCKER_HOST_" + inventory::variable_part(node.name),
                           url(inventory.docker(node.name).local, "tcp"));
  }
  if (!docker_host_node.empty()) {
    variables.emplace_back("DOCKER_HOST", url(inventory.docker(docker_host_node).local, "tcp"));
  }
  if (!inventory.source.empty()) {
    variables.emplace_back("LABCTL_INVENTORY", std::filesystem::absolute(inventory.source).string());
  }
  return variables;
}

std::string shell_quoted(const std::string& text) { return "'" + replace_all(text, "'", "'\\''") + "'"; }

}  // namespace labctl::cli
