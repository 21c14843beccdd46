#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace labctl::inventory {

// The inventory file to use, the first that exists of: `given` (--inventory), $LABCTL_INVENTORY,
// ./inventory.yaml, inventory.yaml in config_dir(), the embedded lab that is up. A file named by the first
// two must exist: Error{not_found}. If only labs are left and more than one is up: Error{usage} naming them.
// nullopt if there is none.
std::optional<std::filesystem::path> find_if_any(const std::optional<std::filesystem::path>& given);

// The same; if there is none, Error{not_found} names the places searched.
std::filesystem::path find(const std::optional<std::filesystem::path>& given);

// client/inventory.yaml of the embedded labs that are up, in order of their names.
std::vector<std::filesystem::path> lab_inventories();

}  // namespace labctl::inventory
