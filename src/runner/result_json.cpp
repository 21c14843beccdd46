#include "runner/result_json.hpp"

#include "runner/reports.hpp"

#include <nlohmann/json.hpp>

namespace labctl::runner {
namespace {

using nlohmann::ordered_json;

ordered_json activity_json(const Activity& activity) {
  ordered_json object{{"kind", to_string(activity.kind)}};
  if (!activity.node.empty()) object["node"] = activity.node;
  if (!activity.event.empty()) object["event"] = activity.event;
  object.update({{"began", activity.began.count()}, {"milliseconds", activity.took.count()}});
  if (!activity.ended) object["ended"] = false;
  return object;
}

ordered_json to_json(const Comparison& comparison, bool acceptable) {
  ordered_json object{{"against", comparison.against},     {"started", comparison.started},
                      {"labctl", comparison.labctl},       {"interrupted", comparison.interrupted},
                      {"new_red", comparison.new_red},     {"not_judged", comparison.not_judged},
                      {"known_red", comparison.known_red}, {"mended", comparison.mended},
                      {"new", comparison.fresh},           {"scenarios", comparison.scenarios},
                      {"elsewhere", comparison.elsewhere}, {"gone", comparison.gone}};
  if (comparison.leaked.change != Change::none) object["leaked"] = to_string(comparison.leaked.change);
  object["acceptable"] = acceptable;
  return object;
}

}  // namespace

ordered_json step_json(const StepResult& step) {
  ordered_json object{{"phase", to_string(step.phase)},
                      {"text", step.text},
                      {"verdict", to_string(step.verdict)},
                      {"milliseconds", step.took.count()}};
  if (step.began) object["began"] = step.began->count();
  if (step.mismatch) {
    object["expected"] = step.mismatch->expected;
    object["seen"] = step.mismatch->seen;
    object["where"] = step.mismatch->where;
  }
  if (!step.error.empty()) object["error"] = step.error;
  if (!step.notes.empty()) object["notes"] = step.notes;
  if (step.compared.change != Change::none) object["change"] = to_string(step.compared.change);
  if (!step.compared.remark.empty()) object["remark"] = step.compared.remark;
  return object;
}

ordered_json scenario_json(const ScenarioResult& scenario) {
  ordered_json steps = ordered_json::array();
  for (const auto& step : scenario.steps) steps.push_back(step_json(step));
  ordered_json object{{"name", scenario.name},
                      {"summary", scenario.summary},
                      {"tags", scenario.tags},
                      {"attempt", scenario.attempt},
                      {"number", scenario.number},
                      {"mark", scenario.mark},
                      {"outcome", to_string(scenario.outcome)},
                      {"milliseconds", scenario.took.count()}};
  if (!scenario.post_mortem.empty()) object["post_mortem"] = scenario.post_mortem;
  object["steps"] = std::move(steps);
  if (scenario.began) object["began"] = scenario.began->count();
  for (const auto& one : scenario.activities) object["activities"].push_back(activity_json(one));
  for (const auto& one : scenario.attachments)
    object["attachments"].push_back({{"name", one.name}, {"text", one.text}});
  return object;
}

ordered_json left_out_json(const std::vector<LeftOut>& left_out) {
  ordered_json list = ordered_json::array();
  for (const auto& one : left_out) list.push_back({{"name", one.name}, {"why", one.why}});
  return list;
}

ordered_json run_json(const RunResult& run) {
  ordered_json scenarios = ordered_json::array();
  for (const auto& one : run.scenarios) scenarios.push_back(scenario_json(one));
  const auto counts = run.counts();
  ordered_json document{{"format", report_format},
                        {"labctl", run.labctl},
                        {"started", run.started},
                        {"milliseconds", run.took.count()},
                        {"sum_of_scenarios", run.sum_of_scenarios().count()},
                        {"jobs", run.jobs},
                        {"seed", run.seed},
                        {"again", run.again},
                        {"environment", run.environment},
                        {"interrupted", run.interrupted},
                        {"passed", run.passed()},
                        {"shoulds",
                         {{"total", counts.shoulds},
                          {"passed", counts.passed},
                          {"failed", counts.failed},
                          {"errored", counts.errored},
                          {"not-run", counts.not_run}}},
                        {"left_out", left_out_json(run.left_out)},
                        {"leaked", run.leaked},
                        {"audited", run.audited}};
  if (run.comparison) document["baseline"] = to_json(*run.comparison, run.acceptable());
  document["scenarios"] = scenarios;
  return document;
}

std::string json_dump(const ordered_json& value, int indent) {
  return value.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

std::string json_text(const RunResult& run) { return json_dump(run_json(run), 2) + "\n"; }

}  // namespace labctl::runner
