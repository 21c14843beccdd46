#pragma once

#include "inventory/inventory.hpp"

#include <string>
#include <utility>
#include <vector>

namespace labctl::cli {

// The variables (name and value) with which other tools use an inventory's tunnels: CONSUL_HTTP_ADDR,
// DOCKER_HOST_CORE1 and so on for each node, LABCTL_INVENTORY, and DOCKER_HOST if a node is given.
std::vector<std::pair<std::string, std::string>> environment_of(const inventory::Inventory& inventory,
                                                                const std::string& docker_host_node = {});

// 'text' quoted for a POSIX shell.
std::string shell_quoted(const std::string& text);

}  // namespace labctl::cli
