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

// What the configuration is resolved for.
struct ConfigQuery {
  std::string host;  // as the person names it: what `Host` is matched with
  std::optional<std::string>
      user;  // said elsewhere (as by ssh -l): wins, and is what `Match user` and %r see
  std::optional<std::uint16_t> port;  // the same (as by ssh -p)
};

// All that resolving needs of the machine, so that a test needs none.
struct ConfigSurroundings {
  std::filesystem::path home;       // the person's home folder
  std::filesystem::path user_file;  // ~/.ssh/config; relative names in Include are beside it
  std::filesystem::path system_file;
  std::string user;  // who we are
  unsigned uid = 0;
  std::string host_name;  // of this machine
  Environment environment;
  // The home folder of another user ("~user"); nothing if there is no such user.
  std::function<std::optional<std::filesystem::path>(const std::string& user)> home_of;
  // A file's text, nothing if there is no such file. `checked`: Error{refused} if others may write it.
  std::function<std::optional<std::string>(const std::filesystem::path& path, bool checked)> read;
  // The files that a name with wildcards stands for, sorted.
  std::function<std::vector<std::filesystem::path>(const std::filesystem::path& pattern)> glob;
};

// The real ones: $HOME, /etc/ssh/ssh_config, our own user.
ConfigSurroundings real_surroundings();

// Something in the configuration that labctl does not do as ssh would.
struct ConfigFinding {
  std::string option;  // "ProxyJump", "Match exec"
  std::string value;
  std::string place;  // "FILE:LINE"
  std::string why;    // what labctl does instead
  bool refused = false;

  // "ProxyJump gate (FILE:LINE): labctl follows no jump hosts"
  std::string line() const;
};

// An option's values as they stand, and where the first of them stands.
struct ConfigValue {
  std::vector<std::string> values;
  std::vector<bool> personal;  // one a value: from the person's own file, not the system's
  std::string place;
};

// What ssh's configuration says of one host, as `ssh -G` shows it: the first value of an option counts, the
// person's file before the system's. Paths are expanded; what nobody says is left empty for the caller's
// defaults.
struct HostConfig {
  std::string host_name;  // where to connect to
  std::optional<std::string> user;
  std::optional<std::uint16_t> port;
  std::vector<std::filesystem::path> identities;  // in order; "none" is left out
  bool identities_said = false;                   // an IdentityFile was given, be it "none"
  std::vector<std::filesystem::path> certificates;
  std::optional<bool> identities_only;
  std::optional<std::string>
      agent;  // IdentityAgent: a path, "none", or "SSH_AUTH_SOCK" or "$NAME" for a variable
  std::optional<std::vector<std::filesystem::path>> user_known_hosts;  // empty: "none"
  std::optional<std::vector<std::filesystem::path>> global_known_hosts;
  std::optional<std::string> host_key_alias;  // lower case
  std::string address_family;                 // "inet", "inet6", "any" or nothing
  std::string bind_address;
  std::vector<JumpHost> jumps;  // ProxyJump; the first one is connected to first
  std::string proxy_command;    // with its tokens expanded; a line for the person's shell
  AlgorithmChoice algorithms;
  std::map<std::string, ConfigValue> options;  // everything that is set, by keyword in lower case
  std::vector<ConfigFinding> findings;         // refused and told ones, in the order of the files
};

// Reads both files and what they include. Error{invalid} with "FILE:LINE" for what makes ssh stop as well: an
// unknown option, a bad value, an unknown token, includes without end.
HostConfig resolve_config(const ConfigQuery& query, const ConfigSurroundings& surroundings);

}  // namespace labctl::ssh
