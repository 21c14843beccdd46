#include "runner/tap_output.hpp"

#include "base/text.hpp"
#include "runner/run_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace labctl::runner {
namespace {

constexpr const char* subtest_indent = "    ";

// A description or reason: one line, in which `#` begins a directive unless it is escaped.
std::string tap_text(const std::string& text) {
  auto result = replace_all(replace_all(text, "\\", "\\\\"), "#", "\\#");
  std::replace_if(
      result.begin(), result.end(), [](unsigned char c) { return c < 0x20; }, ' ');
  return result;
}

// A JSON string is a double-quoted scalar of YAML 1.2. A node's output may be invalid UTF-8.
std::string yaml_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string indented(const std::string& indent, const std::string& text) {
  std::string result;
  for (const auto& line : lines(text)) result += indent + line + "\n";
  return result;
}

std::string diagnostics(const StepResult& step) {
  std::string text = "  ---\n";
  const auto row = [&](const char* key, const std::string& value) {
    text += fmt::format("  {}: {}\n", key, yaml_text(value));
  };
  row("verdict", std::string(to_string(step.verdict)));
  if (step.mismatch) {
    row("expected", step.mismatch->expected);
    row("seen", step.mismatch->seen);
    if (!step.mismatch->where.empty()) row("where", step.mismatch->where);
  }
  if (!step.error.empty()) row("error", step.error);
  if (!step.compared.remark.empty()) row("remark", step.compared.remark);
  if (!step.notes.empty()) row("notes", join(step.notes, ", "));
  return text + fmt::format("  duration_ms: {}\n  ...\n", step.took.count());
}

enum class TapResult { ok, not_ok, known, skipped };

TapResult result_of(const StepResult& step) {
  if (step.verdict == Verdict::passed) return TapResult::ok;
  if (step.compared.change == Change::known_red) return TapResult::known;
  if (step.verdict == Verdict::not_run)
    return step.compared.change == Change::new_red ? TapResult::not_ok : TapResult::skipped;
  return TapResult::not_ok;
}

// Known, if known reds are all that was not ok.
TapResult result_of(const ScenarioResult& scenario) {
  if (scenario.outcome == Outcome::passed) return TapResult::ok;
  bool known = false;
  for (const auto& step : scenario.steps) {
    const auto one = result_of(step);
    if (one == TapResult::not_ok) return one;
    known = known || one == TapResult::known;
  }
  return known ? TapResult::known : TapResult::not_ok;
}

std::string point(TapResult result, int number, const std::string& description, const std::string& why) {
  const bool ok = result == TapResult::ok || result == TapResult::skipped;
  auto line = fmt::format("{} {} - {}", ok ? "ok" : "not ok", number, tap_text(description));
  if (result == TapResult::skipped) line += " # SKIP " + tap_text(why);
  if (result == TapResult::known) line += " # TODO " + tap_text(why);
  return line + "\n";
}

}  // namespace

void TapOutput::plan(const RunPlan& plan) {
  std::string text = "TAP version 14\n";
  for (const auto& one : plan.left_out) text += point(TapResult::skipped, ++points_, one.name, one.why);
  screen_.print(text);
}

void TapOutput::scenario_ends(const Running& run, const ScenarioResult& result) {
  const auto told = compared(run, result);
  const auto name = titled(told.name, told.attempt);
  std::string inner;
  int count = 0;
  for (const auto& step : told.steps) {
    const auto one = result_of(step);
    const auto why = one == TapResult::known ? "known red" : "not run";
    const auto phase = std::string(to_string(step.phase)) + (step.phase == Phase::should ? " " : ": ");
    inner += point(one, ++count, phase + step.text, why);
    if (one == TapResult::not_ok || one == TapResult::known) inner += diagnostics(step);
  }
  inner += fmt::format("1..{}\n", count);
  const auto whole = result_of(told);
  auto text = fmt::format("# Subtest: {}\n", tap_text(name)) + indented(subtest_indent, inner) +
              point(whole, ++points_, name, "known red");
  text += fmt::format("  ---\n  outcome: {}\n  duration_ms: {}\n  ...\n", to_string(told.outcome),
                      told.took.count());
  screen_.print(text);
}

void TapOutput::summary(const RunResult& run, const std::string& report) {
  std::string text;
  const bool known = run.comparison && run.comparison->leaked.change == Change::known_red;
  const auto leak = known ? TapResult::known : TapResult::not_ok;
  for (const auto& one : run.leaked) text += point(leak, ++points_, "nothing leaked: " + one, "known red");
  text += fmt::format("1..{}\n", points_);
  for (const auto& line : lines(summary_lines(run, report, Paint()))) text += "# " + line + "\n";
  if (run.interrupted) text += "Bail out! interrupted\n";
  screen_.print(text);
}

}  // namespace labctl::runner
