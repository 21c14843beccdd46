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
  std::string problem;                 // why there are none, in salt's words if it gave a reason
  std::size_t line = 0;                // of the input
};

struct SaltOutput {
  std::string source;                 // name of the input in errors
  std::vector<SaltAnswer> answers;    // in salt's order, each minion once
  std::vector<std::string> messages;  // salt's own lines: "ERROR: ...", "No minions matched the target. ..."
  std::size_t passed_over = 0;        // lines that are not answers: warnings, logs, job ids
};

struct SaltQuestion {
  std::string interface = "eth0";  // whose address to use if salt lists all interfaces
  std::string source = "salt's output";
};

// Parses the output of `salt '*' grains.get ip4_interfaces:eth0` in the format of any outputter (nested,
// highstate, yaml, json, txt, raw, pprint, table), with or without --static, colours, job ids, batches,
// summaries and log lines in between. Also accepts the output of salt-api and `salt-run jobs.lookup_jid`,
// ip6_interfaces, and the whole mapping of interfaces or of grains, from which the requested interface is
// used. Link-local and loopback addresses are skipped.
//
// Error{invalid} with the line of the input in `where` for anything else: a line of another program never
// becomes a node. Error{invalid} as well if there is no minion, for salt-call's output (it says "local", not
// which node), and for two machines that answer as the same minion.
SaltOutput parse_salt(std::string_view text, const SaltQuestion& question = {});

// The host keys of one minion.
struct SaltHostKeys {
  std::string minion;
  std::vector<std::string> keys;  // "TYPE BASE64 COMMENT", as in /etc/ssh/ssh_host_*_key.pub
  std::string problem;            // why there are none
  bool secrets = false;           // private keys were printed as well
};

// Parses the output of `salt '*' ssh.host_keys private=False` or
// `salt '*' cmd.run 'cat /etc/ssh/ssh_host_*_key.pub'`, in any format that parse_salt accepts. Certificates
// and private keys are skipped. Errors as parse_salt.
std::vector<SaltHostKeys> parse_salt_host_keys(std::string_view text, const std::string& source);

struct SaltInventory {
  Inventory inventory;
  std::vector<std::string> notes;  // for the user: skipped minions, skipped addresses, salt's messages
};

struct SaltOptions {
  std::string user = "core";
  std::string identity;               // "": not set
  std::vector<std::string> via;       // nodes through which Consul is reached; empty: all
  std::filesystem::path known_hosts;  // "": not set
  bool short_names = false;           // "core1" for the minion core1.example.org
};

// The nodes that answered, each with its first address, in natural order (core2 before core10).
// Error{invalid} with the line of the input if none answered, or if the result is not a valid inventory.
SaltInventory inventory_from_salt(const SaltOutput& output, const SaltOptions& options);

// The name of a minion's node.
std::string salt_node_name(const std::string& minion, const SaltOptions& options);

}  // namespace labctl::inventory
