#pragma once

#include <string>
#include <string_view>

namespace labctl::cli {

// Shows the question on stderr and waits for a line on the terminal. True for "yes" in any letter case, false
// for anything else and for end of input. Error{usage} if stdin is not a terminal. Error{interrupted}.
bool confirmed(const std::string& question);

bool is_yes(std::string_view answer);

}  // namespace labctl::cli
