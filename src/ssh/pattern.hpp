#pragma once

#include <string_view>

namespace labctl::ssh {

// ssh_config(5), PATTERNS: `*` any text, `?` one character; case-insensitive.
bool match_pattern(std::string_view text, std::string_view pattern);

// A comma-separated list of patterns; if a negated one ("!...") matches, the result is false.
bool match_pattern_list(std::string_view text, std::string_view list);

// The same two, case-sensitive: used for `Host` and user names.
bool match_exact(std::string_view text, std::string_view pattern);
bool match_exact_list(std::string_view text, std::string_view list);

}  // namespace labctl::ssh
