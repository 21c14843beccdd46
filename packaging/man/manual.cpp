#include "manual.hpp"

#include "base/text.hpp"
#include "help_words.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace labctl::packaging {
namespace {

// As roff: a hyphen that can be copied into a shell, and no line that begins with a control character.
std::string roff(const std::string& text) {
  std::string escaped = replace_all(replace_all(trim(text), "\\", "\\[rs]"), "-", "\\-");
  escaped = replace_all(escaped, "\n", "\n.br\n");
  if (escaped.starts_with(".") || escaped.starts_with("'")) escaped.insert(0, "\\&");
  return escaped;
}

std::string options_of(const CLI::App& command, bool with_help) {
  const HelpWords words;
  std::string text;
  for (const auto* option : visible_options(command)) {
    if (option == command.get_help_ptr() && !with_help) continue;
    text +=
        fmt::format(".TP\n.B {}\n{}\n", roff(words.name_of(*option)), roff(words.description_of(*option)));
  }
  return text;
}

// The commands below a command, each with its options, in the order of --help.
std::string commands_of(const CLI::App& command, const std::string& path) {
  std::string text;
  for (const auto* one : visible_commands(command)) {
    const std::string name = path + " " + one->get_name();
    text += fmt::format(".SS {}\n{}\n{}", roff(HelpWords::usage(*one, name)), roff(one->get_description()),
                        options_of(*one, false));
    text += commands_of(*one, name);
  }
  return text;
}

std::string page(const CLI::App& command, const std::string& path, const std::string& version,
                 const std::string& commands, const std::string& see_also) {
  const std::string name = replace_all(path, " ", "-");
  std::string text =
      fmt::format(".TH {} 1 \"\" \"{}\" \"labctl manual\"\n", replace_all(name, "-", "\\-"), version);
  text += fmt::format(".SH NAME\n{} \\- {}\n", roff(name), roff(command.get_description()));
  text += fmt::format(".SH SYNOPSIS\n.B {}\n", roff(HelpWords::usage(command, path)));
  text += ".SH OPTIONS\n" + options_of(command, true);
  if (!commands.empty()) text += ".SH COMMANDS\n" + commands;
  if (!see_also.empty()) text += ".SH SEE ALSO\n" + see_also + "\n";
  return text;
}

}  // namespace

std::vector<ManualPage> manual_pages(const CLI::App& program, const std::string& version, bool each_command) {
  const std::string name = program.get_name();
  if (!each_command) return {{name, page(program, name, version, commands_of(program, name), {})}};

  std::vector<ManualPage> pages;
  std::string commands;
  for (const auto* one : visible_commands(program)) {
    const std::string path = name + " " + one->get_name();
    const std::string title = replace_all(path, " ", "-");
    commands += fmt::format(".TP\n.BR {} (1)\n{}\n", roff(title), roff(one->get_description()));
    pages.push_back({title, page(*one, path, version, commands_of(*one, path), ".BR labctl (1)")});
  }
  pages.push_back({name, page(program, name, version, commands, ".BR labctl\\-agent (1)")});
  return pages;
}

}  // namespace labctl::packaging
