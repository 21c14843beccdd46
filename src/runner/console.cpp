#include "runner/console.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace labctl::runner {
namespace {

constexpr std::size_t width = 80;
constexpr const char* bold = "1";
constexpr const char* red = "31";
constexpr const char* green = "32";
constexpr const char* yellow = "33";

std::string pad_to(const std::string& left, const std::string& right) {
  const auto used = columns(left) + columns(right);
  return left + std::string(used + 2 <= width ? width - used : 2, ' ') + right;
}

std::string plural(int count, const char* word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string with_time(const std::string& line, std::chrono::milliseconds took) {
  return pad_to(line, fmt::format("{:.1f} s", static_cast<double>(took.count()) / 1000));
}

std::string Console::paint(const char* code, const std::string& text) const {
  return style_.colour ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
}

void Console::print(const std::string& text) {
  std::fputs(text.c_str(), out_);
  std::fflush(out_);
}

std::string Console::head(Phase phase, const std::string& text, const std::string& mark) const {
  const bool named = phase != Phase::should || first_should_;
  auto line = fmt::format("  {:<8} ", named ? to_string(phase) : "");
  if (!mark.empty()) line += mark + " ";
  return line + text;
}

void Console::scenario_begins(const Scenario& scenario, int attempt) {
  first_should_ = true;
  auto name = scenario.name;
  if (attempt > 1) name += fmt::format(" (attempt {})", attempt);
  auto line = pad_to(name, scenario.summary);
  line.replace(0, name.size(), paint(bold, name));
  print(line + "\n");
}

void Console::step_begins(Phase phase, const Step& step) {
  if (style_.live) print(head(phase, step.text, phase == Phase::should ? "…" : ""));
}

void Console::step_ends(const StepResult& result) {
  if (style_.live) print("\r\033[K");
  const bool good = result.verdict == Verdict::passed;
  std::string mark = good ? "✓" : result.verdict == Verdict::failed ? "✗" : "!";
  if (result.phase != Phase::should && good) mark.clear();
  auto line = head(result.phase, result.text, mark);
  if (result.phase != Phase::should || result.took >= std::chrono::seconds{1})
    line = with_time(line, result.took);
  if (!mark.empty() && style_.colour) {
    const auto at = line.find(mark);
    line.replace(at, mark.size(), paint(good ? green : red, mark));
  }
  print(line + "\n");
  details(result);
  if (result.phase == Phase::should) first_should_ = false;
}

void Console::details(const StepResult& result) {
  const auto row = [&](const char* name, const std::string& text) {
    bool first = true;
    for (const auto& part : lines(text.empty() ? "\"\"" : text)) {
      print(fmt::format("               {:<9} {}\n", first ? name : "", part));
      first = false;
    }
  };
  if (result.mismatch) {
    row("expected", result.mismatch->expected);
    row("seen", result.mismatch->seen);
    if (!result.mismatch->where.empty()) row("where", result.mismatch->where);
  }
  if (!result.error.empty()) row("error", result.error);
}

void Console::scenario_ends(const ScenarioResult& result) {
  int not_run = 0;
  for (const auto& step : result.steps)
    not_run += step.phase == Phase::should && step.verdict == Verdict::not_run;
  if (not_run > 0) print("  " + paint(yellow, plural(not_run, "should") + " not run") + "\n");
  if (result.outcome == Outcome::unable) {
    print("  " + paint(red, "the cluster could not be reached any more: labctl doctor says more") + "\n");
  }
}

void Console::summary(const RunResult& run, const std::string& report) {
  const auto counts = run.counts();
  auto line = plural(counts.scenarios, "scenario") + ", " + plural(counts.shoulds, "should") + ": " +
              fmt::format("{} passed, {} failed", counts.passed, counts.failed);
  if (counts.errored > 0) line += fmt::format(", {} errored", counts.errored);
  if (counts.not_run > 0) line += fmt::format(", {} not run", counts.not_run);
  print(with_time(line, run.took) + "\n");

  for (const auto& name : run.flaky()) print(paint(red, "flaky: " + name) + "\n");
  if (run.interrupted) print(paint(yellow, "interrupted") + "\n");
  if (!report.empty()) {
    print("report   " + report + (run.again.empty() ? "" : "   again: " + run.again) + "\n");
  } else if (!run.again.empty()) {
    print("again    " + run.again + "\n");
  }
}

}  // namespace labctl::runner
