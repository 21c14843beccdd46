#pragma once

#include "runner/result.hpp"

#include <chrono>
#include <string>
#include <vector>

// Words and lines about a run, 80 columns wide, as the console, the reports and `report diff` print them.
namespace labctl::runner {

inline constexpr std::size_t line_width = 80;

// Colours a text, or returns it as it is.
class Paint {
public:
  static constexpr const char* bold = "1";
  static constexpr const char* dim = "2";
  static constexpr const char* red = "31";
  static constexpr const char* green = "32";
  static constexpr const char* yellow = "33";

  explicit Paint(bool on = false) : on_(on) {}
  std::string operator()(const char* colour, const std::string& text) const;

private:
  bool on_;
};

// "4.2 s".
std::string in_seconds(std::chrono::milliseconds took);
// " 0.4 s", right-aligned to the last column; a line that is too long gets two blanks and no alignment.
std::string with_time(const std::string& line, std::chrono::milliseconds took);
// "order    a, b,\n         c\n": items after a first word or column, in lines that are not too long. Later
// lines begin with as many blanks as `begin` has columns.
std::string wrapped(const std::string& begin, const std::vector<std::string>& items);
// "migrate", "migrate (attempt 2)".
std::string titled(const std::string& name, int attempt);
// "✓" passed, "✗" failed, "!" everything else.
std::string sign_of(Verdict verdict);
std::string sign_of(Outcome outcome);

// What a failed or errored step expected and saw, and the remark of a comparison: indented lines; "" if there
// are none.
std::string evidence_lines(const StepResult& step);
// A step with its verdict, evidence and notes. Only the first should has the word "should".
std::string step_lines(const StepResult& step, bool first_should, const Paint& paint);
// The name of a scenario and what it does.
std::string title_line(const std::string& name, const std::string& summary, const Paint& paint);
// A scenario that has ended, as one line: sign, name, move, shoulds passed, time.
std::string scenario_line(const ScenarioResult& result, const Paint& paint);
// What its steps do not say: shoulds that were not run, why there is no verdict. "" for most.
std::string ending_lines(const ScenarioResult& result, bool against_baseline, const Paint& paint);
// The last lines of a run: counts, the slowest, leaks, the comparison with a baseline, flaky scenarios, where
// the report and the post-mortems are, and how to repeat the run. `report`: its page; may be empty.
std::string summary_lines(const RunResult& run, const std::string& report, const Paint& paint);
// "41 scenarios, 1352 shoulds: 1352 passed, 0 failed".
std::string counts_text(const RunResult& run);

}  // namespace labctl::runner
