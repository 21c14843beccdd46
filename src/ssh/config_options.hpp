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
  unread,   // anything: nothing that labctl does depends on it
};

// What labctl does with an option that is set to something else than `usual`.
enum class OptionUse {
  honoured,
  no_matter,  // it cannot change where, how and as whom labctl logs in
  told,       // it is not followed, which is safe; a person may wonder, so it is said
  refused,    // without it labctl would be less safe or go another way than ssh: there is no login
};

struct ConfigOption {
  std::string_view name;  // as ssh_config(5) writes it
  OptionForm form;
  OptionUse use;
  std::string_view words = {};  // choice: separated by blanks
  std::string_view usual = {};  // values, separated by blanks, with which there is nothing to tell or refuse
  std::string_view why = {};    // told, refused: what labctl does instead
};

std::span<const ConfigOption> config_options();

// The option of a keyword in lower case; older names lead to today's. Null if ssh knows none.
const ConfigOption* find_config_option(std::string_view keyword);

// The value as ssh counts it: yes for true, no for false and off; lower case. Error{invalid} if it is no such
// word.
std::string read_choice(const ConfigOption& option, std::string_view value);
// Seconds; -1 for "none". Error{invalid}.
int read_time(std::string_view value);
// Error{invalid} unless it is a number from 0 to the largest int.
int read_number(std::string_view value);
// Error{invalid} unless it is 1 to 65535 or a service of tcp.
int read_port(std::string_view value);

// A list of algorithms as ssh_config writes it, applied to the ones that could be used: "a,b*" in that order,
// "+a" and "^a" add behind and before `standard`, "-a" takes away from it. Only what is in `all` stays.
std::vector<std::string> choose_algorithms(std::string_view list, const std::vector<std::string>& standard,
                                           const std::vector<std::string>& all);

}  // namespace labctl::ssh
