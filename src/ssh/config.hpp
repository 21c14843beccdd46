#pragma once

#include "ssh/config_tokens.hpp"
#include "ssh/jump.hpp"
#include "ssh/target.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// The host for which the configuration is resolved.
struct ConfigQuery {
  std::string host;  // as the user names it: matched with `Host`
  std::optional<std::string>
      user;  // said elsewhere (as by ssh -l): wins, and is what `Match user` and %r see
  std::optional<std::uint16_t> port;  // the same (as by ssh -p)
};

// Everything that resolving needs from the machine, so that tests can replace it.
struct ConfigSurroundings {
  std::filesystem::path home;       // the user's home folder
  std::filesystem::path user_file;  // ~/.ssh/config; relative names in Include refer to its folder
  std::filesystem::path system_file;
  std::string user;  // the local user
  unsigned uid = 0;
  std::string host_name;  // of this machine
  Environment environment;
  // The home folder of another user ("~user"); nullopt if there is no such user.
  std::function<std::optional<std::filesystem::path>(const std::string& user)> home_of;
  // A file's text, nullopt if there is no such file. `checked`: Error{refused} if other users can write it.
  std::function<std::optional<std::string>(const std::filesystem::path& path, bool checked)> read;
  // The files that match a name with wildcards, sorted.
  std::function<std::vector<std::filesystem::path>(const std::filesystem::path& pattern)> glob;
};

// Those of this machine: $HOME, /etc/ssh/ssh_config, the local user.
ConfigSurroundings real_surroundings();

// Something in the configuration that labctl handles differently from ssh.
struct ConfigFinding {
  std::string option;  // "ProxyJump", "Match exec"
  std::string value;
  std::string place;  // "FILE:LINE"
  std::string why;    // what labctl does instead
  bool refused = false;

  // "ProxyJump gate (FILE:LINE): labctl follows no jump hosts"
  std::string line() const;
};

// An option's values as written, and the place of the first one.
struct ConfigValue {
  std::vector<std::string> values;
  std::vector<bool> personal;  // one per value: from the user's file, not the system's
  std::string place;
};

// The ssh configuration of one host, as `ssh -G` prints it: the first value of an option counts, the user's
// file before the system's. Paths are expanded; unset values stay empty for the caller's defaults.
struct HostConfig {
  std::string host_name;  // where to connect to
  std::optional<std::string> user;
  std::optional<std::uint16_t> port;
  std::vector<std::filesystem::path> identities;  // in order; without "none"
  bool identities_said = false;                   // an IdentityFile was given, even if it is "none"
  std::vector<std::filesystem::path> certificates;
  std::optional<bool> identities_only;
  bool batch_mode = false;
  std::optional<std::string>
      agent;  // IdentityAgent: a path, "none", or "SSH_AUTH_SOCK" or "$NAME" for a variable
  std::optional<std::vector<std::filesystem::path>> user_known_hosts;  // empty: "none"
  std::optional<std::vector<std::filesystem::path>> global_known_hosts;
  std::optional<std::string> host_key_alias;  // lower case
  std::string address_family;                 // "inet", "inet6", "any" or nothing
  std::string bind_address;
  std::string bind_interface;
  std::optional<int> connect_timeout;  // seconds; like ssh, none for 0
  std::optional<int> connection_attempts;
  std::optional<int> alive_interval;  // seconds; 0: never
  std::optional<int> alive_count;
  std::vector<JumpHost> jumps;  // ProxyJump; in the order in which they are connected
  std::string proxy_command;    // with its tokens expanded; a line for the user's shell
  AlgorithmChoice algorithms;
  std::map<std::string, ConfigValue> options;  // everything that is set, by keyword in lower case
  std::vector<ConfigFinding> findings;         // refused and reported ones, in the order of the files
};

// Reads both files and their includes. Error{invalid} with "FILE:LINE" for what is an error in ssh too: an
// unknown option, a bad value, an unknown token, includes nested too deep.
HostConfig resolve_config(const ConfigQuery& query, const ConfigSurroundings& surroundings);

}  // namespace labctl::ssh
