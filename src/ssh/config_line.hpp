#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// One line of an ssh_config file, split as OpenSSH's client does.
struct ConfigLine {
  std::string keyword;                 // lower case
  std::vector<std::string> arguments;  // without quotes and escapes; a word that begins with # ends them
  std::string rest;                    // all text after the keyword and its "=", unchanged
};

// nullopt for an empty line or a comment. Error{invalid} for a keyword without argument and for an unclosed
// quote.
std::optional<ConfigLine> read_config_line(std::string_view text);

}  // namespace labctl::ssh
