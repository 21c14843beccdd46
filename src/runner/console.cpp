#include "runner/console.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>
#include <vector>

namespace labctl::runner {

void Console::plan(const RunPlan& plan) {
  jobs_ = plan.jobs;
  auto text = fmt::format("jobs     {}: {}\n", plan.jobs, plan.why);
  std::map<std::string, std::vector<std::string>> reasons;
  for (const auto& one : plan.left_out) reasons[one.why].push_back(one.name);
  for (const auto& [reason, names] : reasons)
    text += fmt::format("left out {}: {}\n", join(names, ", "), reason);
  if (style_.verbose && jobs_ > 1) {
    std::vector<std::string> names;
    for (const auto& one : plan.scenarios) names.push_back(titled(one.scenario->name, one.attempt));
    text += wrapped("order   ", names) + fmt::format("         by seed {}\n", plan.seed);
  }
  screen_.print(text);
}

void Console::tell(const Running& run, const std::string& text) {
  if (jobs_ > 1) {
    under_way_[run.number].text += text;
  } else {
    screen_.print(text);
  }
}

void Console::scenario_begins(const Running& run) {
  if (style_.verbose)
    tell(run, title_line(titled(run.scenario.name, run.attempt), run.scenario.summary, paint_));
}

void Console::step_ends(const Running& run, const StepResult& result) {
  if (!style_.verbose) return;
  const bool is_should = result.phase == Phase::should;
  tell(run, step_lines(compared(run, result), is_should && under_way_[run.number].first_should, paint_));
  if (is_should) under_way_[run.number].first_should = false;
}

void Console::scenario_ends(const Running& run, const ScenarioResult& result) {
  const auto told = compared(run, result);
  auto text = std::exchange(under_way_[run.number].text, {});
  under_way_.erase(run.number);
  if (!style_.verbose) {
    text = scenario_line(told, paint_);
    bool first_should = true;
    for (const auto& step : told.steps) {
      if (step.verdict == Verdict::passed || step.verdict == Verdict::not_run) continue;
      text +=
          step_lines(step, std::exchange(first_should, first_should && step.phase != Phase::should), paint_);
    }
  }
  screen_.print(text + ending_lines(told, compares(), paint_));
}

void Console::summary(const RunResult& run, const std::string& report) {
  screen_.print(summary_lines(run, report, paint_));
}

}  // namespace labctl::runner
