#pragma once

#include "inventory/inventory.hpp"

#include <vector>

namespace labctl::inventory {

// The ends of forwards that the file does not set. The JSON schema (inventory/inventory.schema.json) has the
// same; a test compares the two.
inline constexpr const char* default_consul_local = "127.0.0.1:8500";
inline constexpr const char* default_consul_remote = "localhost:8500";
inline constexpr const char* default_docker_local = "{runtime}/docker_{node}.sock";
inline constexpr const char* default_docker_remote = "/var/run/docker.sock";

// The forwards of a file that sets none: Consul's through all nodes, then the docker forward of each node.
// Uses only the name and the nodes of `inventory`.
std::vector<Forward> default_forwards(const Inventory& inventory);

}  // namespace labctl::inventory
