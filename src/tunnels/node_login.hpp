#pragma once

#include "inventory/inventory.hpp"
#include "ssh/config.hpp"
#include "ssh/target.hpp"

#include <vector>

namespace labctl::tunnels {

// How to log in to a node, and what the person's ssh configuration says beside it.
struct NodeLogin {
  ssh::Target target;
  std::vector<ssh::ConfigFinding> findings;
};

// The inventory's own words, else the ssh configuration of the person and of the system, else what OpenSSH
// takes by default. Error{invalid} or Error{refused} for a configuration that ssh does not read either.
NodeLogin resolve_login(const inventory::Node& node,
                        const ssh::ConfigSurroundings& surroundings = ssh::real_surroundings());

// Error{refused} that names every option, file and line that labctl cannot follow for one of these nodes.
void refuse_unsupported(const std::vector<inventory::Node>& nodes);

// What is not followed without being refused, a line each, every place once.
std::vector<std::string> config_notes(const std::vector<inventory::Node>& nodes);

}  // namespace labctl::tunnels
