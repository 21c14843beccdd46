#include "cli/usage.hpp"

#include "base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace labctl::cli {
namespace {

// The innermost command that was recognised.
const CLI::App* innermost(const CLI::App* app) {
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return app;
}

std::string full_name(const CLI::App* app) {
  const auto* parent = app->get_parent();
  return parent == nullptr ? app->get_name() : full_name(parent) + " " + app->get_name();
}

std::vector<std::string> subcommand_names(const CLI::App* app) {
  std::vector<std::string> names;
  for (const auto* sub : app->get_subcommands([](const CLI::App*) { return true; })) {
    if (!sub->get_group().empty()) names.push_back(sub->get_name());  // the others are hidden
  }
  return names;
}

// Options of the command and of its parent commands; they may be given anywhere.
std::vector<std::string> option_names(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const auto* option : app->get_options()) {
      for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::string did_you_mean(const std::string& near) {
  return near.empty() ? "" : fmt::format("did you mean \"{}\"?", near);
}

}  // namespace

Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* command = innermost(&app);
  const std::string name = full_name(command);
  const std::string help = fmt::format("see {} --help", name);
  const auto names = subcommand_names(command);

  for (const auto& word : app.remaining(true)) {
    if (word.starts_with("-") && word.size() > 1) {
      const auto near = nearest(word.substr(0, word.find('=')), option_names(command));
      return {Kind::usage,
              fmt::format("unknown option \"{}\" of {}", word, name),
              {},
              near.empty() ? help : did_you_mean(near)};
    }
    if (!names.empty()) {
      const auto near = nearest(word, names);
      return {Kind::usage,
              fmt::format("unknown command \"{} {}\"", name, word),
              {},
              near.empty() ? "one of " + join(names, ", ") : did_you_mean(near)};
    }
    return {Kind::usage, fmt::format("{} takes no \"{}\"", name, word), {}, help};
  }
  if (!names.empty() && error.get_name() == "RequiredError") {
    return {Kind::usage, fmt::format("{} needs a command", name), {}, "one of " + join(names, ", ")};
  }
  return {Kind::usage, replace_all(error.what(), "\n", " "), name, help};
}

}  // namespace labctl::cli
