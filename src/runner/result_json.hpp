#pragma once

#include "runner/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

// Results as JSON values: the parts of results.json (reports.hpp has its format) and of the events of
// json_lines.hpp.
namespace labctl::runner {

nlohmann::ordered_json step_json(const StepResult& step);
nlohmann::ordered_json scenario_json(const ScenarioResult& scenario);  // with its steps
nlohmann::ordered_json left_out_json(const std::vector<LeftOut>& left_out);
nlohmann::ordered_json run_json(const RunResult& run);

// `indent` as in nlohmann::json::dump(). Output of a node that is not UTF-8 gets replacement characters.
std::string json_dump(const nlohmann::ordered_json& value, int indent);

}  // namespace labctl::runner
