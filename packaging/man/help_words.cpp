#include "help_words.hpp"

#include "base/text.hpp"

namespace labctl::packaging {

std::string HelpWords::usage(const CLI::App& command, const std::string& path) {
  return trim(replace_all(HelpWords().make_usage(&command, path), "Usage:", ""));
}

std::string HelpWords::name_of(const CLI::Option& option) const {
  const std::string name = make_option_name(&option, option.get_positional()) + make_option_opts(&option);
  // CLI11 2.4 writes " [default] ", 2.3 "=default": the pages must not depend on the machine.
  const std::string standard = option.get_default_str();
  return trim(standard.empty() ? name : replace_all(name, " [" + standard + "] ", "=" + standard));
}

std::string HelpWords::description_of(const CLI::Option& option) const {
  return trim(make_option_desc(&option));
}

std::vector<const CLI::Option*> visible_options(const CLI::App& command) {
  std::vector<const CLI::Option*> options;
  for (const bool positional : {true, false}) {
    for (const auto* option : command.get_options()) {
      if (!option->get_group().empty() && option->get_positional() == positional) options.push_back(option);
    }
  }
  return options;
}

std::vector<const CLI::App*> visible_commands(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); });
}

}  // namespace labctl::packaging
