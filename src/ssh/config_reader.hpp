#pragma once

#include "ssh/config.hpp"
#include "ssh/config_line.hpp"
#include "ssh/config_match.hpp"
#include "ssh/config_options.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace labctl::ssh {

// Reads ssh_config files for one host and keeps what they set.
class ConfigReader {
public:
  ConfigReader(const ConfigQuery& query, const ConfigSurroundings& surroundings);

  // The user's file, then the system's. In the final pass `host` is the name found in the first pass.
  void read_all(const std::string& host, bool final_pass);

  const std::map<std::string, ConfigValue>& options() const { return options_; }
  const std::string& first(const std::string& keyword) const;  // "" if it is not set
  bool wants_final_pass() const { return wants_final_pass_; }
  // Options in a Match block that labctl cannot evaluate, if no earlier line set them.
  const std::vector<ConfigFinding>& undecided() const { return undecided_; }

private:
  struct File {
    std::filesystem::path path;
    bool personal = false;
    int depth = 0;
    Applies outer = Applies::yes;  // of the line that includes it: an upper bound for everything below
    Applies applies = Applies::yes;
    std::string reason;  // why it is undecided
    std::string reason_place;
  };

  void read(File file, bool checked);
  void take(File& file, const ConfigLine& line, const std::string& place);
  void match(File& file, const ConfigLine& line, const std::string& place);
  std::string with_variables(const std::string& name) const;
  void include(const File& file, const std::vector<std::string>& names);
  void set(const File& file, const ConfigOption& option, const ConfigLine& line, const std::string& place);

  const ConfigSurroundings& surroundings_;
  std::string original_host_;
  std::string host_;
  bool final_pass_ = false;
  bool wants_final_pass_ = false;
  std::map<std::string, ConfigValue> options_;
  std::vector<ConfigFinding> undecided_;
};

// Expands "~", "~/x", "~user/x"; anything else is unchanged. Error{invalid} if there is no such user.
std::filesystem::path expand_tilde(const std::string& name, const ConfigSurroundings& surroundings);

}  // namespace labctl::ssh
