#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// How the value of an option is written.
enum class OptionForm {
  word,     // one argument
  choice,   // one of `words`
  number,   // 0 and more
  time,     // "90", "1m30s"; "none" leaves it unset
  port,     // a number or the name of a service
  files,    // several arguments, or "none" alone
  several,  // one argument per line; all lines count
  command,  // the rest of the line as it stands
  jump,     // ProxyJump
  agent,    // IdentityAgent
  unread,   // anything: labctl does not use it
};

// What labctl does with an option whose value is not in `usual`.
enum class OptionUse {
  honoured,
  no_matter,  // it cannot change where, how or as which user labctl logs in
  told,       // ignored, which is safe; reported, because the user may not expect it
  refused,    // ignoring it would be less safe or use another route than ssh: the login fails
};

struct ConfigOption {
  std::string_view name;  // as ssh_config(5) writes it
  OptionForm form;
  OptionUse use;
  std::string_view words = {};  // choice: separated by blanks
  std::string_view usual = {};  // values, separated by blanks, that are neither reported nor refused
  std::string_view why = {};    // told, refused: what labctl does instead
};

std::span<const ConfigOption> config_options();

// The option of a keyword in lower case; old names map to current ones. Null if ssh has no such option.
const ConfigOption* find_config_option(std::string_view keyword);

// The value as ssh interprets it: yes for true, no for false and off; lower case. Error{invalid} for any
// other word.
std::string read_choice(const ConfigOption& option, std::string_view value);
// Seconds; -1 for "none". Error{invalid}.
int read_time(std::string_view value);
// Error{invalid} unless it is a number from 0 to the largest int.
int read_number(std::string_view value);
// Error{invalid} unless it is 1 to 65535 or the name of a TCP service.
int read_port(std::string_view value);

// Applies a list of algorithms in ssh_config syntax: "a,b*" selects in that order, "+a" appends to
// `standard`, "^a" prepends to it, "-a" removes from it. Only algorithms in `all` remain.
std::vector<std::string> choose_algorithms(std::string_view list, const std::vector<std::string>& standard,
                                           const std::vector<std::string>& all);

}  // namespace labctl::ssh
