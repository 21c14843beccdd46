#pragma once

#include "runner/scenario.hpp"

#include <string>
#include <vector>

namespace labctl::cli {

// The table of `labctl test --list`, at most 80 columns wide: name, move, number of shoulds, tags. Every
// scenario begins at the first column; a line that continues it begins with a blank.
std::string scenario_list(const std::vector<runner::Scenario>& table);

// The same for --json, with the texts of the shoulds.
std::string scenario_list_json(const std::vector<runner::Scenario>& table);

}  // namespace labctl::cli
