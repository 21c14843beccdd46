#include "runner/github_output.hpp"

#include "base/text.hpp"
#include "runner/run_text.hpp"

#include <fmt/format.h>

namespace labctl::runner {
namespace {

std::string data(std::string_view text) {
  return replace_all(replace_all(replace_all(text, "%", "%25"), "\r", "%0D"), "\n", "%0A");
}

std::string property(std::string_view text) {
  return replace_all(replace_all(data(text), ":", "%3A"), ",", "%2C");
}

// "error", "warning" for a known red, "" for a step that needs no annotation.
std::string annotation(const StepResult& step) {
  if (step.compared.change == Change::known_red) return "warning";
  const bool lost = step.verdict == Verdict::not_run && step.compared.change == Change::new_red;
  return step.red() || lost ? "error" : "";
}

std::string what_happened(const StepResult& step) {
  std::vector<std::string> parts;
  if (step.compared.change != Change::none) parts.push_back(step.compared.text());
  if (step.mismatch) {
    parts.push_back("expected: " + step.mismatch->expected);
    parts.push_back("seen: " + step.mismatch->seen);
    if (!step.mismatch->where.empty()) parts.push_back("where: " + step.mismatch->where);
  }
  if (!step.error.empty()) parts.push_back("error: " + step.error);
  if (step.verdict == Verdict::not_run) parts.emplace_back("not run, and it passed in the baseline");
  return join(parts, "\n");
}

std::string annotations(const ScenarioResult& scenario) {
  std::string text;
  for (const auto& step : scenario.steps) {
    const auto command = annotation(step);
    if (command.empty()) continue;
    const auto phase =
        step.phase == Phase::should ? std::string("should ") : std::string(to_string(step.phase)) + " ";
    text += workflow_command(command,
                             {{"title", titled(scenario.name, scenario.attempt) + ": " + phase + step.text}},
                             what_happened(step));
  }
  return text;
}

}  // namespace

std::string workflow_command(std::string_view command,
                             const std::vector<std::pair<std::string, std::string>>& properties,
                             std::string_view message) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : properties) parts.push_back(key + "=" + property(value));
  return fmt::format("::{}{}{}::{}\n", command, parts.empty() ? "" : " ", join(parts, ","), data(message));
}

std::string GithubOutput::not_commands(const std::string& text) const {
  return workflow_command("stop-commands", {}, token_) + text + workflow_command(token_, {}, "");
}

void GithubOutput::plan(const RunPlan& plan) {
  std::string text = fmt::format("jobs     {}: {}\n", plan.jobs, plan.why);
  for (const auto& one : plan.left_out) text += fmt::format("left out {}: {}\n", one.name, one.why);
  screen_.print(not_commands(text));
}

void GithubOutput::scenario_ends(const Running& run, const ScenarioResult& result) {
  const auto told = compared(run, result);
  const Paint plain;
  auto title = scenario_line(told, plain);
  title.pop_back();
  std::string text;
  bool first_should = true;
  for (const auto& step : told.steps) {
    if (step.verdict == Verdict::not_run) continue;
    text += step_lines(step, first_should, plain);
    first_should = first_should && step.phase != Phase::should;
  }
  text += ending_lines(told, compares(), plain);
  screen_.print(workflow_command("group", {}, title) + not_commands(text) +
                workflow_command("endgroup", {}, "") + annotations(told));
}

void GithubOutput::summary(const RunResult& run, const std::string& report) {
  std::string text;
  for (const auto& one : run.leaked)
    text += workflow_command("error", {{"title", "the whole run: nothing leaked"}}, one);
  for (const auto& name : run.flaky())
    text += workflow_command("error", {{"title", name + " is flaky"}}, "its attempts ended differently");
  screen_.print(text + not_commands(summary_lines(run, report, Paint())));
}

}  // namespace labctl::runner
