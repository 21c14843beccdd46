#pragma once

#include "agent/settings.hpp"
#include "contract/compose.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace labctl::agent {

// docker-compose 1 in one project directory, always with `-p P`. Error{system} with compose's last output if
// it fails.
class ComposeRunner {
public:
  ComposeRunner(std::string project, std::filesystem::path directory);

  void up() const;
  void down() const;

  // As `pull` and `build --pull`. An image that cannot be pulled is a warning: it may exist locally;
  // otherwise `up` fails. A failed build is an error. Images by name are pulled in parallel over Docker's
  // API, without docker-compose.
  void images(const contract::Compose& compose, const Settings& settings) const;

  // Runs a script of the repository in the directory: `sh SCRIPT ARGUMENTS...`; Error{system} if it fails.
  // False if the script does not exist.
  bool script(const std::string& name, const std::vector<std::string>& arguments) const;

private:
  void compose(std::vector<std::string> arguments, std::chrono::minutes budget) const;

  std::string project_;
  std::filesystem::path directory_;
};

}  // namespace labctl::agent
