#include "base/shell_quoted.hpp"

#include "base/text.hpp"

namespace labctl {

std::string shell_quoted(std::string_view text) { return "'" + replace_all(text, "'", "'\\''") + "'"; }

}  // namespace labctl
