#pragma once

#include "runner/result.hpp"

#include <string>

// Timelines of the report page: drawings (SVG) of what a run observed. "" if the times are not known, because
// the results are of a version that did not record them.
namespace labctl::runner {

// All scenarios: a lane for each job, one for each node with its handler's work, one for maintenance windows.
std::string run_timeline(const RunResult& run);

// One scenario: its steps, each node's handler, the maintenance window.
std::string scenario_timeline(const ScenarioResult& scenario);

}  // namespace labctl::runner
