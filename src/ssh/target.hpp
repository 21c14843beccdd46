#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace labctl::ssh {

// The user's choice of algorithms in ssh_config syntax: "a,b", "+a", "-a*", "^a"; empty: not set.
struct AlgorithmChoice {
  std::string ciphers;
  std::string key_exchanges;
  std::string macs;
  std::string host_keys;
  std::string authority_signatures;  // of host certificates

  bool operator==(const AlgorithmChoice&) const = default;
};

// A node to log in to; every value is effective (inventory, ~/.ssh/config and defaults are merged, `~`
// expanded).
struct Target {
  std::string name;            // the node's name, for messages
  std::string host;            // host name or address, resolved on the previous host
  std::string address_family;  // "inet", "inet6"; else any
  std::uint16_t port = 22;
  std::string user;
  std::vector<std::filesystem::path> identities;    // private key files in the order they are tried
  std::vector<std::filesystem::path> certificates;  // CertificateFile; if there is none, IDENTITY-cert.pub
  bool identity_required = false;      // the user named it: a missing file is an error, not skipped
  bool identities_only = false;        // do not offer other keys of the agent
  std::filesystem::path agent_socket;  // empty: no agent
  std::filesystem::path
      passphrase_agent;     // with keys whose passphrase was just typed; soon ends, or is empty
  bool batch_mode = false;  // BatchMode: nobody is asked for a passphrase
  std::vector<std::filesystem::path> known_hosts;
  std::string host_key_alias;  // if not empty: looked up there instead of host and port
  AlgorithmChoice algorithms;
  std::string bind_address;    // local address or name of the TCP connection; empty: the system chooses
  std::string bind_interface;  // if there is no bind_address: the connection begins at an address of it
  int connect_timeout = 0;     // seconds for connection and handshake; 0: only the deadline of the login
  int connection_attempts = 1;
  int alive_interval = 0;     // ServerAliveInterval in seconds; 0: the caller's own
  int alive_count = 3;        // ServerAliveCountMax
  std::string proxy_command;  // not empty: a line for the shell; its stdin and stdout are the connection
  std::vector<Target> jumps;  // jump hosts, in the order of connection; they have no jumps

  // True for a direct TCP connection.
  bool direct() const { return proxy_command.empty() && jumps.empty(); }

  bool operator==(const Target&) const = default;
};

// Copies the agents of `newest` to the target and its jump hosts: each shell may have another agent, while
// the target stays the same. An agent of a shell is kept if `newest` has none. False if nothing changed.
bool follow_agents(Target& target, const Target& newest);
// Equal, ignoring the agents.
bool same_but_for_agents(const Target& one, const Target& other);

}  // namespace labctl::ssh
