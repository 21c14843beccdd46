#pragma once

#include "inventory/inventory.hpp"

#include <string>

namespace labctl::inventory {

// Which values to_yaml() writes.
enum class Values {
  effective,  // defaults too, except a `cluster` that has only defaults; the name if the inventory has a file
  non_default,  // the name, the nodes, Consul's forward, and what is not the default
};

// YAML from which parse() returns the same inventory, with {runtime} and {node} inserted where they fit.
// Every line of `comment` is written at the top as "# LINE". Error{invalid} if the docker forwards have no
// common pattern, because the file has one pattern for all of them.
std::string to_yaml(const Inventory& inventory, const std::string& comment = {},
                    Values values = Values::effective);

// The effective values as a JSON document, for `inventory show --json`.
std::string to_json(const Inventory& inventory);

// The JSON schema of the YAML file (inventory/inventory.schema.json).
std::string_view schema();

}  // namespace labctl::inventory
