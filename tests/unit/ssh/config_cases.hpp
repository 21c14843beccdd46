#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace labctl::test {

// One configuration of ssh and the hosts it is resolved for.
struct ConfigCase {
  std::string name;
  std::vector<std::string> hosts{"core1"};
  // By name below "home/" (the person's) or "etc/" (/etc/ssh); "home/.ssh/config" is always there.
  std::map<std::string, std::string> files;
  std::string differs;      // the row of docs/ssh-config.md, if labctl differs on purpose
  bool may_differ = false;  // from some versions of ssh only
};

// Reads the corpus (its head says how it is written).
std::vector<ConfigCase> read_config_cases(const std::filesystem::path& corpus);

// Makes configurations out of a seed, the same on every machine.
std::vector<ConfigCase> generate_config_cases(unsigned seed, std::size_t count);

}  // namespace labctl::test
