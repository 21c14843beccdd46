#pragma once

#include "base/secret.hpp"
#include "cli/environment.hpp"
#include "inventory/inventory.hpp"

#include <cstdlib>

namespace labctl::cli {

// The token for labctl's own requests to Consul, chosen as HashiCorp's programs do (consul/api/api.go): the
// content of the file that CONSUL_HTTP_TOKEN_FILE names, without white space at its ends, or the value of
// CONSUL_HTTP_TOKEN if no file is named or the file is empty. Empty if there is none. Error{invalid} if it
// has characters that no token has, Error{system} if the file cannot be read; neither text shows the token.
Secret consul_token(const Environment& given);

// The inventory with that token, for commands that ask Consul. Nothing else reads these variables.
inventory::Inventory with_consul_token(inventory::Inventory inventory, const Environment& given = ::getenv);

}  // namespace labctl::cli
