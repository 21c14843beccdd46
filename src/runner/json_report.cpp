#include "base/error.hpp"
#include "base/paths.hpp"
#include "runner/reports.hpp"

#include <nlohmann/json.hpp>

#include <set>

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
  return object;
}

}  // namespace

std::string json_text(const RunResult& run) {
  ordered_json scenarios = ordered_json::array();
  for (const auto& one : run.scenarios) {
    ordered_json steps = ordered_json::array();
    for (const auto& step : one.steps) steps.push_back(to_json(step));
    scenarios.push_back({{"name", one.name},
                         {"summary", one.summary},
                         {"tags", one.tags},
                         {"attempt", one.attempt},
                         {"number", one.number},
                         {"mark", one.mark},
                         {"outcome", to_string(one.outcome)},
                         {"milliseconds", one.took.count()},
                         {"steps", steps}});
  }
  ordered_json left_out = ordered_json::array();
  for (const auto& one : run.left_out) left_out.push_back({{"name", one.name}, {"why", one.why}});
  const auto counts = run.counts();
  const ordered_json document{{"started", run.started},
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
                              {"scenarios", scenarios}};
  // What a node printed need not be UTF-8.
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

std::vector<std::string> failed_before(const std::filesystem::path& folder) {
  const auto file = folder / "results.json";
  const auto text = read_file(file);
  try {
    std::set<std::string> names;
    const auto document = nlohmann::json::parse(text);
    for (const auto& one : document.at("scenarios")) {
      if (one.at("outcome") != "passed") names.insert(one.at("name").get<std::string>());
    }
    return {names.begin(), names.end()};
  } catch (const nlohmann::json::exception& e) {
    throw Error(Kind::invalid, std::string("not a labctl report: ") + e.what(), file.string());
  }
}

}  // namespace labctl::runner
