#pragma once

#include <string>
#include <string_view>

namespace labctl {

// 'text' quoted for a POSIX shell.
std::string shell_quoted(std::string_view text);

}  // namespace labctl
