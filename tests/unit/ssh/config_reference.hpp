#pragma once

#include "config_cases.hpp"
#include "ssh/config.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace labctl::test {

// The result of the installed ssh for one host.
struct SshAnswer {
  bool ok = false;                                         // false: ssh stops at the configuration
  std::string error;                                       // what it prints to stderr
  std::map<std::string, std::vector<std::string>> values;  // of `ssh -G`: a keyword's values, one per line
  bool asked_for_keys = false;                             // the two lists below were read
  std::vector<std::string> identities;                     // expanded, in the order ssh would try them
  std::vector<std::string> certificates;                   // the same
};

// Runs the installed ssh in a mount namespace where the home folder of root and /etc/ssh are those of the
// case. All files are below `folder`, in one folder per case, named by its number.
class SshReference {
public:
  SshReference(const std::filesystem::path& folder, const std::vector<ConfigCase>& cases);

  SshAnswer answer(std::size_t number, const std::string& host) const;
  // The machine as labctl's resolver sees it, with the files of that case.
  ssh::ConfigSurroundings surroundings(std::size_t number) const;
  // `ssh -Q WHAT`.
  static std::vector<std::string> query(const std::string& what);

private:
  std::filesystem::path place(std::size_t number) const { return folder_ / std::to_string(number); }

  std::filesystem::path folder_;
};

}  // namespace labctl::test
