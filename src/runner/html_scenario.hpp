#pragma once

#include "runner/result.hpp"

#include <string>

namespace labctl::runner {

// The section of a scenario on the report page: open if it is red; passed shoulds are folded; beside red
// steps stand states and logs. report/page.js reads its data attributes.
std::string scenario_section(const ScenarioResult& scenario);

}  // namespace labctl::runner
