#pragma once

#include "inventory/inventory.hpp"

#include <string>

namespace labctl::inventory {

// YAML that parse() reads back as the same inventory: effective values, {runtime} and {node} put back where
// they fit. Every line of `comment` goes on top as "# LINE". Error{invalid} if the docker forwards follow no
// common pattern, as the file has one pattern for all of them.
std::string to_yaml(const Inventory& inventory, const std::string& comment = {});

// The effective values as a JSON document, for `inventory show --json`.
std::string to_json(const Inventory& inventory);

// The JSON schema of the YAML file (inventory/inventory.schema.json).
std::string_view schema();

}  // namespace labctl::inventory
