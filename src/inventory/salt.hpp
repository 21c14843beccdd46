#pragma once

#include "inventory/inventory.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace labctl::inventory {

// What one minion answered to `grains.get ip4_interfaces:eth0`.
struct SaltAnswer {
  std::string minion;
  std::vector<std::string> addresses;  // in salt's order
  std::string problem;                 // why there are none, in salt's words where it has any

  bool operator==(const SaltAnswer&) const = default;
};

struct SaltOutput {
  std::vector<SaltAnswer> answers;    // in salt's order, each minion once
  std::vector<std::string> messages;  // salt's own lines: "ERROR: ...", "No minions matched the target. ..."
};

// Reads what `salt '*' grains.get ip4_interfaces:eth0` prints: the nested form (also coloured), --out=yaml, and
// --out=json, one object a minion or one for all (--static). Log lines in between are passed over. Error{invalid} if
// there is no minion in it at all.
SaltOutput parse_salt(std::string_view text);

struct SaltInventory {
  Inventory inventory;
  std::vector<std::string> notes;  // for a person: minions left out, addresses left out, salt's own messages
};

struct SaltOptions {
  std::string user = "core";
  std::string identity;  // "": not said
};

// The nodes that answered, each with its first address. Error{invalid} if none did, or if what came of it is no valid
// inventory.
SaltInventory inventory_from_salt(const SaltOutput& output, const SaltOptions& options);

}  // namespace labctl::inventory
