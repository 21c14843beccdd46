#pragma once

#include <string_view>

namespace labctl::ssh {

// ssh_config(5), PATTERNS: `*` any text, `?` one character; without regard to case.
bool match_pattern(std::string_view text, std::string_view pattern);

// A comma-separated list of patterns; a negated one ("!...") that matches decides against the whole list.
bool match_pattern_list(std::string_view text, std::string_view list);

// The same two with regard to case: what `Host` and user names are matched with.
bool match_exact(std::string_view text, std::string_view pattern);
bool match_exact_list(std::string_view text, std::string_view list);

}  // namespace labctl::ssh
