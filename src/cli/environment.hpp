#pragma once

#include "inventory/inventory.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace labctl::cli {

struct Variable {
  std::string name;
  std::optional<std::string> value;  // none: the variable must not be set

  bool operator==(const Variable&) const = default;
};

// Of a process's environment; nullptr if there is no such variable.
using Environment = std::function<const char*(const char* name)>;

// The variables with which other tools use an inventory's tunnels: CONSUL_HTTP_ADDR, DOCKER_HOST_CORE1 and so
// on for each node, LABCTL_INVENTORY, and DOCKER_HOST if a node is given. From what is set in `given`:
// variables that make clients of Docker and Consul speak TLS, which the tunnels' ends do not, are removed; if
// there is a proxy, NO_PROXY and no_proxy also name the local ends and the inventory's hosts.
std::vector<Variable> environment_of(
    const inventory::Inventory& inventory, const std::string& docker_host_node = {},
    const Environment& given = [](const char*) { return nullptr; });

// The set variables with a token of Consul's. They stay as they are, and clients send the token to this
// cluster too.
std::vector<std::string> token_variables(const Environment& given);

}  // namespace labctl::cli
