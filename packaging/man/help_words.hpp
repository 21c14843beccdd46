#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace labctl::packaging {

// What --help says on one option, one argument and how a command is called.
class HelpWords : public CLI::Formatter {
public:
  // "labctl lab up [OPTIONS]"
  static std::string usage(const CLI::App& command, const std::string& path);

  // "--nodes INT:INT in [1 - 64]"
  std::string name_of(const CLI::Option& option) const;
  std::string description_of(const CLI::Option& option) const;
};

// Those that --help lists: arguments first, then options.
std::vector<const CLI::Option*> visible_options(const CLI::App& command);
std::vector<const CLI::App*> visible_commands(const CLI::App& command);

}  // namespace labctl::packaging
