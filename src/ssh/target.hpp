#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace labctl::ssh {

// What a person wants of the algorithms, as ssh_config writes each list: "a,b", "+a", "-a*", "^a"; empty:
// nothing said.
struct AlgorithmChoice {
  std::string ciphers;
  std::string key_exchanges;
  std::string macs;
  std::string host_keys;

  bool operator==(const AlgorithmChoice&) const = default;
};

// A node to log in to; every value is effective (inventory, ~/.ssh/config and defaults are merged, `~`
// expanded).
struct Target {
  std::string name;            // the node's name, for messages
  std::string host;            // host name or address, as the host before it sees it
  std::string address_family;  // "inet", "inet6"; else any
  std::uint16_t port = 22;
  std::string user;
  std::vector<std::filesystem::path> identities;  // private key files in the order they are tried
  bool identity_required = false;      // the person named it: a missing file is an error, not the next try
  bool identities_only = false;        // no other keys of the agent
  std::filesystem::path agent_socket;  // empty: no agent
  std::vector<std::filesystem::path> known_hosts;
  std::string host_key_alias;  // looked up there in place of host and port, if not empty
  AlgorithmChoice algorithms;
  std::string bind_address;   // our own end of the TCP connection; empty: the system chooses
  std::string proxy_command;  // not empty: a line for the shell; what it reads and writes is the connection
  std::vector<Target> jumps;  // hosts to log in to on the way, the first one first; they have no jumps

  // A TCP connection from here.
  bool direct() const { return proxy_command.empty() && jumps.empty(); }

  bool operator==(const Target&) const = default;
};

// Takes the agents of `newest` over, for the target and the hosts on the way, where it has any: whose agent
// answers changes with every shell, what is logged in to does not. False if nothing changed.
bool follow_agents(Target& target, const Target& newest);
// The same target whatever the agents are.
bool same_but_for_agents(const Target& one, const Target& other);

// The remote end of a channel: a TCP address as the node sees it, or a unix socket on the node.
struct Remote {
  std::string host;
  std::uint16_t port = 0;
  std::string path;  // not empty: a unix socket

  bool operator==(const Remote&) const = default;
};

// "localhost:8500" or "/var/run/docker.sock".
std::string to_string(const Remote& remote);

}  // namespace labctl::ssh
