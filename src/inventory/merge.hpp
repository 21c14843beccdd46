#pragma once

#include "inventory/inventory.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace labctl::inventory {

struct Merged {
  std::string text;
  std::vector<std::string> notes;  // what was changed, and nodes of the file that were not among `nodes`
};

// The inventory file's text with `nodes` in it: a node that it has gets the new address, one that it has
// not is added with its address, user and identity. Everything else stays as it was written, comments too.
// `known_hosts`, if not empty, becomes the one of the defaults.
//
// Error{invalid} if the text is no inventory; Error{conflict} if it already names another known_hosts, or
// if the edit cannot be made without changing something else (an address that comes from an alias): the
// result is read again and compared before it is returned.
Merged merge_nodes(const std::string& yaml, const std::filesystem::path& source,
                   const std::vector<Node>& nodes, const std::filesystem::path& known_hosts = {});

}  // namespace labctl::inventory
