#include "cli/completion.hpp"

#include "base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <map>
#include <vector>

namespace labctl::cli {
namespace {

// "labctl lab" -> "up down ... --name ...": what may follow each command.
using Words = std::map<std::string, std::string>;

void collect(const CLI::App* app, const std::string& path, const std::string& global, Words& to) {
  std::vector<std::string> words;
  for (const auto* sub : app->get_subcommands([](const CLI::App*) { return true; })) {
    if (sub->get_group().empty()) continue;  // hidden
    words.push_back(sub->get_name());
    collect(sub, path + " " + sub->get_name(), global, to);
  }
  for (const auto* option : app->get_options()) {
    for (const auto& name : option->get_lnames()) words.push_back("--" + name);
  }
  auto& entry = to[path];
  entry = join(words, " ");
  if (!global.empty()) entry += (entry.empty() ? "" : " ") + global;
}

constexpr std::string_view bash = R"(# bash completion for labctl
_labctl() {
  local -A words=(
@TABLE@  )
  local path=labctl i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    [[ ${COMP_WORDS[i]} == -- ]] && return
    [[ -v words["$path ${COMP_WORDS[i]}"] ]] && path+=" ${COMP_WORDS[i]}"
  done
  if [[ ${COMP_WORDS[COMP_CWORD - 1]} == --inventory ]]; then
    COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
  else
    COMPREPLY=($(compgen -W "${words[$path]}" -- "${COMP_WORDS[COMP_CWORD]}"))
  fi
}
complete -o default -F _labctl labctl
)";

constexpr std::string_view zsh = R"(#compdef labctl
_labctl() {
  local -A table=(
@TABLE@  )
  local at=labctl i
  for ((i = 2; i < CURRENT; ++i)); do
    [[ ${words[i]} == -- ]] && return
    (( ${+table[$at ${words[i]}]} )) && at+=" ${words[i]}"
  done
  if [[ ${words[CURRENT - 1]} == --inventory ]]; then
    _files
  else
    compadd -- ${=table[$at]}
  fi
}
# As a file of $fpath this is the body of _labctl itself; otherwise it is sourced.
if [[ ${funcstack[1]} == _labctl ]]; then
  _labctl
else
  compdef _labctl labctl
fi
)";

constexpr std::string_view fish = R"(# fish completion for labctl
function __labctl_at
  set -l path labctl
  for word in (commandline -opc)[2..-1]
    if contains -- "$path $word" $__labctl_paths
      set path "$path $word"
    end
  end
  test "$path" = "$argv[1]"
end
set -g __labctl_paths @PATHS@
complete -c labctl -f
@TABLE@)";

}  // namespace

std::string completion(const CLI::App& app, const std::string& shell) {
  std::vector<std::string> global;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) {
      if (name != "help" && name != "version") global.push_back("--" + name);
    }
  }
  Words words;
  collect(&app, app.get_name(), join(global, " "), words);
  std::string table, paths;
  for (const auto& [path, next] : words) {
    if (shell == "fish") {
      table += fmt::format("complete -c labctl -n '__labctl_at \"{}\"' -a '{}'\n", path, next);
      paths += fmt::format(" '{}'", path);
    } else if (shell == "zsh") {
      table += fmt::format("    '{}' '{}'\n", path, next);
    } else {
      table += fmt::format("    ['{}']='{}'\n", path, next);
    }
  }
  const auto text = shell == "fish" ? fish : shell == "zsh" ? zsh : bash;
  return replace_all(replace_all(text, "@TABLE@", table), "@PATHS@", trim(paths));
}

}  // namespace labctl::cli
