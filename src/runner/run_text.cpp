#include "runner/run_text.hpp"

#include "base/table.hpp"
#include "base/text.hpp"
#include "runner/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace labctl::runner {
namespace {

constexpr std::size_t shown_as_slowest = 5;
constexpr std::size_t name_width = 32;

std::string pad_to(const std::string& left, const std::string& right) {
  const auto used = columns(left) + columns(right);
  return left + std::string(used + 2 <= line_width ? line_width - used : 2, ' ') + right;
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, columns(text)), ' ');
}

const char* colour_of(const std::string& sign) {
  return sign == "✓" ? Paint::green : sign == "✗" ? Paint::red : Paint::yellow;
}

// How to look at what the cluster held when scenarios were red.
std::string post_mortem_lines(const RunResult& run, const std::string& report) {
  constexpr int most = 3;
  const auto folder = std::filesystem::path(report).parent_path();
  std::string text;
  int count = 0;
  for (const auto& one : run.scenarios) {
    if (one.post_mortem.empty() || ++count > most) continue;
    text += "seen     labctl doctor --bundle " + (folder / one.post_mortem).string() + "\n";
  }
  if (count > most) text += fmt::format("         and {} more there\n", count - most);
  return text;
}

std::string comparison_lines(const RunResult& run, const Paint& paint) {
  if (!run.comparison) return {};
  const auto& all = *run.comparison;
  std::string text;
  for (const auto change : {Change::new_red, Change::mended}) {
    for (const auto& one : changes(run, change)) {
      text += paint(change == Change::mended ? Paint::green : Paint::red,
                    fmt::format("{:<8}", to_string(change))) +
              " " + one.text + "\n";
    }
  }
  for (const auto& one : all.gone) text += "gone     " + one + "\n";
  text += "baseline " + all.text() + "\n         against " + all.name() + "\n";
  if (all.scenarios == 0) {
    text += "         none of these scenarios is in it\n";
  } else if (all.elsewhere > 0) {
    text += "         " + plural(all.elsewhere, "scenario") + " of it not run now\n";
  }
  return text;
}

std::string slowest_lines(const RunResult& run) {
  if (run.scenarios.size() < 2) return {};
  std::string text;
  const char* word = "slowest";
  for (const auto* one : run.slowest(shown_as_slowest)) {
    text += with_time(fmt::format("{:<8} {}", word, titled(one->name, one->attempt)), one->took) + "\n";
    word = "";
  }
  return text + fmt::format("total    {}, sum of scenarios {}, jobs {}\n", in_seconds(run.took),
                            in_seconds(run.sum_of_scenarios()), run.jobs);
}

}  // namespace

std::string Paint::operator()(const char* colour, const std::string& text) const {
  return on_ ? fmt::format("\033[{}m{}\033[0m", colour, text) : text;
}

std::string in_seconds(std::chrono::milliseconds took) {
  return fmt::format("{:.1f} s", static_cast<double>(took.count()) / 1000);
}

std::string with_time(const std::string& line, std::chrono::milliseconds took) {
  return pad_to(line, in_seconds(took));
}

std::string wrapped(const std::string& begin, const std::vector<std::string>& items) {
  std::string text, line = begin;
  const std::string blanks(columns(begin), ' ');
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto item = items[i] + (i + 1 < items.size() ? "," : "");
    if (columns(line) + 1 + columns(item) > line_width && line != begin) {
      text += line + "\n";
      line = blanks;
    }
    line += " " + item;
  }
  return text + line + "\n";
}

std::string titled(const std::string& name, int attempt) {
  return attempt > 1 ? fmt::format("{} (attempt {})", name, attempt) : name;
}

std::string sign_of(Verdict verdict) {
  return verdict == Verdict::passed ? "✓" : verdict == Verdict::failed ? "✗" : "!";
}

std::string sign_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "✓";
    case Outcome::failed:
    case Outcome::flaky:
      return "✗";
    case Outcome::errored:
    case Outcome::unable:
    case Outcome::interrupted:
      break;
  }
  return "!";
}

std::string evidence_lines(const StepResult& step) {
  std::string text;
  const auto row = [&](const char* name, const std::string& value) {
    bool is_first = true;
    for (const auto& part : lines(value.empty() ? "\"\"" : value)) {
      text += fmt::format("               {:<9} {}\n", is_first ? name : "", part);
      is_first = false;
    }
  };
  if (step.mismatch) {
    row("expected", step.mismatch->expected);
    row("seen", step.mismatch->seen);
    if (!step.mismatch->where.empty()) row("where", step.mismatch->where);
  }
  if (!step.error.empty()) row("error", step.error);
  if (!step.compared.remark.empty()) row("baseline", step.compared.remark);
  return text;
}

std::string step_lines(const StepResult& step, bool first_should, const Paint& paint) {
  const bool is_should = step.phase == Phase::should;
  auto sign = sign_of(step.verdict);
  if (!is_should && step.verdict == Verdict::passed) sign.clear();
  auto line = fmt::format("  {:<8} ", !is_should || first_should ? to_string(step.phase) : "");
  const auto place = line.size();
  line += sign + (sign.empty() ? "" : " ") + step.text;
  if (step.compared.change != Change::none) line += fmt::format(" [{}]", to_string(step.compared.change));
  if (!is_should || step.took >= std::chrono::seconds{1}) line = with_time(line, step.took);
  if (!sign.empty()) line.replace(place, sign.size(), paint(colour_of(sign), sign));
  line += "\n" + evidence_lines(step);
  if (!step.notes.empty()) line += "           " + paint(Paint::dim, join(step.notes, ", ")) + "\n";
  return line;
}

std::string title_line(const std::string& name, const std::string& summary, const Paint& paint) {
  auto line = pad_to(name, summary);
  line.replace(0, name.size(), paint(Paint::bold, name));
  return line + "\n";
}

std::string scenario_line(const ScenarioResult& result, const Paint& paint) {
  int shoulds = 0, passed = 0;
  for (const auto& step : result.steps) {
    if (step.phase != Phase::should) continue;
    ++shoulds;
    passed += step.verdict == Verdict::passed;
  }
  const auto sign = sign_of(result.outcome);
  const auto end = fmt::format("{:>7} {:>8}", fmt::format("{}/{}", passed, shoulds), in_seconds(result.took));
  const auto name = padded(titled(result.name, result.attempt), name_width) + " ";
  const auto room = line_width - columns(sign + " ") - columns(" " + end);
  const auto left = name + cut(result.summary, room - std::min(room, columns(name)));
  auto line = sign + " " + padded(left, room) + " " + end;
  return line.replace(0, sign.size(), paint(colour_of(sign), sign)) + "\n";
}

std::string ending_lines(const ScenarioResult& result, bool against_baseline, const Paint& paint) {
  std::string text;
  int count = 0, lost = 0;
  for (const auto& step : result.steps) {
    if (step.phase != Phase::should || step.verdict != Verdict::not_run) continue;
    ++count;
    lost += step.compared.change == Change::new_red;
  }
  if (count > 0) {
    auto line = plural(count, "should") + " not run";
    if (lost > 0) line += fmt::format(", {} of them passed in the baseline", lost);
    text += "  " + paint(Paint::yellow, line) + "\n";
  }
  if (result.outcome != Outcome::unable) return text;
  text += "  ";
  text += result.cluster_lost
              ? paint(Paint::red, "the cluster could not be reached any more: labctl doctor says more")
              : paint(Paint::yellow, "unable: something that it needs is not free; no verdict");
  text += "\n";
  if (against_baseline) text += "  so its errors are not compared with the baseline\n";
  return text;
}

std::string counts_text(const RunResult& run) {
  const auto counts = run.counts();
  auto line = plural(counts.scenarios, "scenario") + ", " + plural(counts.shoulds, "should") + ": " +
              fmt::format("{} passed, {} failed", counts.passed, counts.failed);
  if (counts.errored > 0) line += fmt::format(", {} errored", counts.errored);
  if (counts.not_run > 0) line += fmt::format(", {} not run", counts.not_run);
  if (!run.left_out.empty()) line += fmt::format(", {} left out", plural(run.left_out.size(), "scenario"));
  return line;
}

std::string summary_lines(const RunResult& run, const std::string& report, const Paint& paint) {
  auto text = with_time(counts_text(run), run.took) + "\n" + slowest_lines(run);
  for (const auto& one : run.leaked) text += paint(Paint::red, "leaked   " + one) + "\n";
  text += comparison_lines(run, paint);
  for (const auto& name : run.flaky()) text += paint(Paint::red, "flaky: " + name) + "\n";
  if (run.interrupted) text += paint(Paint::yellow, "interrupted") + "\n";
  if (!report.empty()) {
    text += "report   " + report + (run.again.empty() ? "" : "   again: " + run.again) + "\n";
    text += post_mortem_lines(run, report);
  } else if (!run.again.empty()) {
    text += "again    " + run.again + "\n";
  }
  return text;
}

}  // namespace labctl::runner
