#pragma once

#include "lab/lab.hpp"

#include <string>
#include <vector>

namespace labctl::lab {

// The keys of a lab, made before its nodes start: one for people (client/id_ed25519), one for the volume
// plugins.
void make_keys(const LabInfo& lab);

// What a person needs to work with the lab as user core: client/known_hosts with every key of every node, and
// client/inventory.yaml, which is put there last, as it says that the lab is up. If sudo was used the folder
// belongs to the user who used it.
void write_client_files(const LabInfo& lab, const std::vector<std::vector<std::string>>& host_keys);

std::string inventory_text(const LabInfo& lab);
// One line an address, name and key: "10.71.3.11,core1 ssh-ed25519 AAAA...".
std::string known_hosts_text(const LabInfo& lab, const std::vector<std::vector<std::string>>& host_keys);

}  // namespace labctl::lab
