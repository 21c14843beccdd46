#pragma once

#include "inventory/inventory.hpp"

#include <string>
#include <utility>
#include <vector>

namespace labctl::cli {

// The variables that hand an inventory's tunnels to other tools, name and value: CONSUL_HTTP_ADDR,
// DOCKER_HOST_CORE1 and so on for each node, LABCTL_INVENTORY, and DOCKER_HOST if a node is named for it.
std::vector<std::pair<std::string, std::string>> environment_of(const inventory::Inventory& inventory,
                                                                const std::string& docker_host_node = {});

// 'text' as a POSIX shell reads it.
std::string shell_quoted(const std::string& text);

}  // namespace labctl::cli
