#pragma once

#include "inventory/inventory.hpp"
#include "inventory/yaml_reader.hpp"

#include <map>
#include <string>

namespace labctl::inventory {

using Fields = std::map<std::string, YamlReader>;

// The value of an optional key, or nullptr. `key:` without a value counts as absent.
const YamlReader* field_of(const Fields& fields, const std::string& key);

// The direction of an entry of `forwards`, from the keys it has:
//
//   {name, via, remote, local}          local
//   {name, via, listen, to, public}     remote; `via` is required, `public` is optional
//   {name, via, local, dynamic: true}   dynamic
//
// A remote forward has keys of its own, because "local" and "remote" could each mean both of its ends.
// Errors: a key is missing, or belongs to another direction.
Forward::Direction direction_of(const YamlReader& at, const Fields& fields);

// Checks where a remote forward listens: at a TCP address of the node, and on its loopback unless `public` is
// true.
void check_listen(const Fields& fields, const Endpoint& listen);

}  // namespace labctl::inventory
