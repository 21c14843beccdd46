#pragma once

#include "inventory/inventory.hpp"
#include "ssh/config.hpp"
#include "ssh/target.hpp"

#include <vector>

namespace labctl::tunnels {

// How to log in to a node, and findings about the user's ssh configuration.
struct NodeLogin {
  ssh::Target target;
  std::vector<ssh::ConfigFinding> findings;
};

// The inventory's values, else the ssh configuration of user and system, else OpenSSH's defaults.
// Error{invalid} or Error{refused} for a configuration that ssh rejects too.
NodeLogin resolve_login(const inventory::Node& node,
                        const ssh::ConfigSurroundings& surroundings = ssh::real_surroundings());

// Error{refused} names every option, with file and line, that labctl cannot follow for one of these nodes.
void refuse_unsupported(const std::vector<inventory::Node>& nodes);

// Options that are ignored but not refused: one line each, every place once.
std::vector<std::string> config_notes(const std::vector<inventory::Node>& nodes);

}  // namespace labctl::tunnels
