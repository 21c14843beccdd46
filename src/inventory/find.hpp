#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace labctl::inventory {

// The inventory file to use, first that exists: `given` (--inventory), $LABCTL_INVENTORY, ./inventory.yaml,
// inventory.yaml in config_dir(), the embedded lab that is up. A file named by the first two must exist:
// Error{not_found}. More than one lab up and nothing else: Error{usage} naming them. nullopt if there is
// none.
std::optional<std::filesystem::path> find_if_any(const std::optional<std::filesystem::path>& given);

// The same; none is Error{not_found} that says where it looked.
std::filesystem::path find(const std::optional<std::filesystem::path>& given);

// client/inventory.yaml of the embedded labs that are up, in order of their names.
std::vector<std::filesystem::path> lab_inventories();

}  // namespace labctl::inventory
