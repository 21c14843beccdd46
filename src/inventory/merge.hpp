#pragma once

#include "inventory/inventory.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace labctl::inventory {

struct Merged {
  std::string text;
  Inventory inventory;             // parsed from `text`
  std::vector<std::string> notes;  // what was changed, and nodes of the file that are not in `nodes`
};

// The inventory file's text with `nodes` in it: an existing node gets the new address, a new node is added
// with its address, user and identity. Everything else is unchanged, including comments. `known_hosts`, if
// not empty, is set in the defaults.
//
// Error{invalid} if the text is not an inventory. Error{conflict} if it already names another known_hosts, or
// if the edit would change something else (an address that comes from an alias): the result is parsed and
// compared before it is returned.
Merged merge_nodes(const std::string& yaml, const std::filesystem::path& source,
                   const std::vector<Node>& nodes, const std::filesystem::path& known_hosts = {});

}  // namespace labctl::inventory
