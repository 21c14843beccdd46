#pragma once

#include "inventory/inventory.hpp"
#include "lab/lab.hpp"

#include <string>
#include <vector>

namespace labctl::lab {

// Creates the keys of a lab, before its nodes start: one for users (client/id_ed25519), one for the volume
// plugins.
void make_keys(const LabInfo& lab);

// Writes what a user needs to work with the lab as user core: client/known_hosts with every key of every
// node, and client/inventory.yaml, which is written last because it marks the lab as up. With sudo, the
// folder belongs to the calling user.
void write_client_files(const LabInfo& lab, const std::vector<std::vector<std::string>>& host_keys);

// The lab as an inventory, with the docker sockets below our own runtime folder.
inventory::Inventory inventory_of(const LabInfo& lab);
// The same as YAML. It names no runtime folder: with sudo ours is not that of the person who reads it.
std::string inventory_text(const LabInfo& lab);
// One line per address, name and key: "10.71.3.11,core1 ssh-ed25519 AAAA...".
std::string known_hosts_text(const LabInfo& lab, const std::vector<std::vector<std::string>>& host_keys);

}  // namespace labctl::lab
