#pragma once

#include <string>

namespace labctl::cli {

// The text of --version: a line for labctl and its git revision, then one for each library that decides how
// labctl connects, with the version that is loaded now. No newline at the end.
std::string version_text();

}  // namespace labctl::cli
