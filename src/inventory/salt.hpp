#pragma once

#include "inventory/inventory.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::inventory {

// What one minion answered to `grains.get ip4_interfaces:eth0`.
struct SaltAnswer {
  std::string minion;
  std::vector<std::string> addresses;  // in salt's order
  std::string problem;                 // why there are none, in salt's words where it has any
  std::size_t line = 0;                // of the input
};

struct SaltOutput {
  std::string source;                 // names the input in errors
  std::vector<SaltAnswer> answers;    // in salt's order, each minion once
  std::vector<std::string> messages;  // salt's own lines: "ERROR: ...", "No minions matched the target. ..."
  std::size_t passed_over = 0;        // lines that are no answers: warnings, logs, job ids
};

struct SaltQuestion {
  std::string interface = "eth0";  // whose address to take where salt lists all interfaces
  std::string source = "salt's output";
};

// Reads what `salt '*' grains.get ip4_interfaces:eth0` prints, in the form of any of its outputters
// (nested, highstate, yaml, json, txt, raw, pprint, table), with or without --static, colours, job ids,
// batches, summaries and log lines between; also what salt-api and `salt-run jobs.lookup_jid` give,
// ip6_interfaces, and the whole mapping of interfaces or of grains, out of which the interface asked for is
// taken. Link-local and loopback addresses are left out.
//
// Error{invalid} with the line of the input in `where` for whatever is none of that: a line of another
// program never becomes a node. Error{invalid} as well if there is no minion in it, for salt-call's output
// (it says "local", not which node), and for two machines that answer as the same minion.
SaltOutput parse_salt(std::string_view text, const SaltQuestion& question = {});

// The host keys of one minion.
struct SaltHostKeys {
  std::string minion;
  std::vector<std::string> keys;  // "TYPE BASE64 COMMENT", as in /etc/ssh/ssh_host_*_key.pub
  std::string problem;            // why there are none
  bool secrets = false;           // private keys were printed too
};

// Reads what `salt '*' ssh.host_keys private=False` or `salt '*' cmd.run 'cat /etc/ssh/ssh_host_*_key.pub'`
// prints, in any form that parse_salt reads. Certificates and private keys are not among the keys. Errors
// as parse_salt's.
std::vector<SaltHostKeys> parse_salt_host_keys(std::string_view text, const std::string& source);

struct SaltInventory {
  Inventory inventory;
  std::vector<std::string> notes;  // for a person: minions left out, addresses left out, salt's own messages
};

struct SaltOptions {
  std::string user = "core";
  std::string identity;               // "": not said
  std::vector<std::string> via;       // nodes that Consul is reached through; empty: all
  std::filesystem::path known_hosts;  // "": not said
  bool short_names = false;           // "core1" for the minion core1.example.org
};

// The nodes that answered, each with its first address, in the order people count. Error{invalid} if none
// did, or if what came of it is no valid inventory, with the line of the input.
SaltInventory inventory_from_salt(const SaltOutput& output, const SaltOptions& options);

// The name of a minion's node.
std::string salt_node_name(const std::string& minion, const SaltOptions& options);

}  // namespace labctl::inventory
