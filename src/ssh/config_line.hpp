#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// One line of an ssh_config file, taken apart as OpenSSH's client does it.
struct ConfigLine {
  std::string keyword;                 // lower case
  std::vector<std::string> arguments;  // without quotes and escapes; a word that begins with # ends them
  std::string rest;                    // all that follows the keyword and its "=", as it stands
};

// Nothing for an empty line or a comment. Error{invalid} for a keyword without argument and for a quote that
// is not closed.
std::optional<ConfigLine> read_config_line(std::string_view text);

}  // namespace labctl::ssh
