#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace labctl::test {

// One ssh configuration and the hosts it is resolved for.
struct ConfigCase {
  std::string name;
  std::vector<std::string> hosts{"core1"};
  // By name below "home/" (the user's) or "etc/" (/etc/ssh); "home/.ssh/config" always exists.
  std::map<std::string, std::string> files;
  std::string differs;      // the row of docs/ssh-config.md, if labctl differs on purpose
  bool may_differ = false;  // only from some versions of ssh
};

// Reads the corpus (its first lines describe the format).
std::vector<ConfigCase> read_config_cases(const std::filesystem::path& corpus);

// Generates configurations from a seed, the same on every machine.
std::vector<ConfigCase> generate_config_cases(unsigned seed, std::size_t count);

}  // namespace labctl::test
