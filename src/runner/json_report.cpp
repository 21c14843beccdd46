#include "base/error.hpp"
#include "base/paths.hpp"
#include "runner/reports.hpp"

#include <nlohmann/json.hpp>

namespace labctl::runner {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const StepResult& step) {
  ordered_json object{{"phase", to_string(step.phase)},
                      {"text", step.text},
                      {"verdict", to_string(step.verdict)},
                      {"milliseconds", step.took.count()}};
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

std::string json_text(const RunResult& run) {
  ordered_json scenarios = ordered_json::array();
  for (const auto& one : run.scenarios) {
    ordered_json steps = ordered_json::array();
    for (const auto& step : one.steps) steps.push_back(to_json(step));
    ordered_json scenario{{"name", one.name},
                          {"summary", one.summary},
                          {"tags", one.tags},
                          {"attempt", one.attempt},
                          {"number", one.number},
                          {"mark", one.mark},
                          {"outcome", to_string(one.outcome)},
                          {"milliseconds", one.took.count()}};
    if (!one.post_mortem.empty()) scenario["post_mortem"] = one.post_mortem;
    scenario["steps"] = std::move(steps);
    scenarios.push_back(std::move(scenario));
  }
  ordered_json left_out = ordered_json::array();
  for (const auto& one : run.left_out) left_out.push_back({{"name", one.name}, {"why", one.why}});
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
                        {"left_out", left_out},
                        {"leaked", run.leaked},
                        {"audited", run.audited}};
  if (run.comparison) document["baseline"] = to_json(*run.comparison, run.acceptable());
  document["scenarios"] = scenarios;
  // Output of a node may be invalid UTF-8.
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

void write_reports(const RunResult& run, const std::filesystem::path& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) throw Error(Kind::system, "cannot make the report folder: " + code.message(), folder.string());
  write_file(folder / "junit.xml", junit_xml(run));
  write_file(folder / "results.json", json_text(run));
  write_file(folder / "index.html", html_page(run));
}

}  // namespace labctl::runner
