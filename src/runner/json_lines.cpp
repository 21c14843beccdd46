#include "runner/json_lines.hpp"

#include "runner/result_json.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace labctl::runner {
namespace {

using nlohmann::ordered_json;

std::string utc(std::chrono::system_clock::time_point time) {
  const auto milliseconds =
      std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(time)),
                     milliseconds);
}

ordered_json with_number(ordered_json event, const Running& run) {
  event["number"] = run.number;
  return event;
}

}  // namespace

JsonLines::JsonLines(Screen& screen, Now now) : screen_(screen), now_(std::move(now)) {}

ordered_json JsonLines::event(const char* kind) const { return {{"event", kind}, {"time", utc(now_())}}; }

void JsonLines::print(const ordered_json& event) { screen_.print(json_dump(event, -1) + "\n"); }

void JsonLines::plan(const RunPlan& plan) {
  ordered_json scenarios = ordered_json::array();
  for (const auto& one : plan.scenarios)
    scenarios.push_back({{"name", one.scenario->name}, {"attempt", one.attempt}});
  auto line = event("plan");
  line.update({{"jobs", plan.jobs},
               {"why", plan.why},
               {"seed", plan.seed},
               {"scenarios", scenarios},
               {"left_out", left_out_json(plan.left_out)}});
  print(line);
}

void JsonLines::scenario_begins(const Running& run) {
  auto line = with_number(event("scenario-begins"), run);
  line.update({{"name", run.scenario.name},
               {"attempt", run.attempt},
               {"mark", run.mark},
               {"summary", run.scenario.summary},
               {"shoulds", run.scenario.shoulds.size()}});
  print(line);
}

void JsonLines::step_begins(const Running& run, Phase phase, const Step& step) {
  auto line = with_number(event("step-begins"), run);
  line.update({{"phase", to_string(phase)}, {"text", step.text}});
  print(line);
}

void JsonLines::step_ends(const Running& run, const StepResult& result) {
  auto line = with_number(event("step-ends"), run);
  line.update(step_json(compared(run, result)));
  print(line);
}

void JsonLines::scenario_ends(const Running& run, const ScenarioResult& result) {
  auto line = with_number(event("scenario-ends"), run);
  auto scenario = scenario_json(result);
  scenario.erase("steps");
  line.update(scenario);
  print(line);
}

void JsonLines::summary(const RunResult& run, const std::string& report) {
  auto line = event("run-ends");
  line.update(run_json(run));
  line["report"] = report;
  print(line);
}

}  // namespace labctl::runner
