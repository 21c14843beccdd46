#include "runner/console.hpp"

#include "base/text.hpp"
#include "runner/changes.hpp"

#include <fmt/format.h>

#include <map>

namespace labctl::runner {
namespace {

constexpr std::size_t width = 80;
constexpr std::size_t shown_as_slowest = 5;
constexpr const char* bold = "1";
constexpr const char* dim = "2";
constexpr const char* red = "31";
constexpr const char* green = "32";
constexpr const char* yellow = "33";
constexpr const char* clear_line = "\r\033[K";

std::string pad_to(const std::string& left, const std::string& right) {
  const auto used = columns(left) + columns(right);
  return left + std::string(used + 2 <= width ? width - used : 2, ' ') + right;
}

std::string titled(const std::string& name, int attempt) {
  return attempt > 1 ? fmt::format("{} (attempt {})", name, attempt) : name;
}

// "order    a, b,\n         c\n"
std::string listed(const std::string& word, const std::vector<std::string>& items) {
  std::string text, line = fmt::format("{:<8}", word);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto item = items[i] + (i + 1 < items.size() ? "," : "");
    if (columns(line) + 1 + columns(item) > width) {
      text += line + "\n";
      line = std::string(8, ' ');
    }
    line += " " + item;
  }
  return text + line + "\n";
}

}  // namespace

std::string plural(int count, const char* word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::string in_seconds(std::chrono::milliseconds took) {
  return fmt::format("{:.1f} s", static_cast<double>(took.count()) / 1000);
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string evidence_lines(const StepResult& step) {
  std::string text;
  const auto row = [&](const char* name, const std::string& value) {
    bool first = true;
    for (const auto& part : lines(value.empty() ? "\"\"" : value)) {
      text += fmt::format("               {:<9} {}\n", first ? name : "", part);
      first = false;
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

std::string with_time(const std::string& line, std::chrono::milliseconds took) {
  return pad_to(line, in_seconds(took));
}

std::string Console::paint(const char* code, const std::string& text) const {
  return style_.colour ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
}

void Console::print(const std::string& text) {
  std::fputs(text.c_str(), out_);
  std::fflush(out_);
}

void Console::plan(const std::vector<Planned>& plan, int jobs, const std::string& why,
                   const std::vector<LeftOut>& left_out, unsigned seed) {
  jobs_ = jobs;
  planned_ = plan.size();
  print(fmt::format("jobs     {}: {}\n", jobs, why));
  std::map<std::string, std::vector<std::string>> reasons;
  for (const auto& one : left_out) reasons[one.why].push_back(one.name);
  for (const auto& [reason, names] : reasons)
    print(fmt::format("left out {}: {}\n", join(names, ", "), reason));
  if (!side_by_side()) return;
  std::vector<std::string> names;
  for (const auto& one : plan) names.push_back(titled(one.scenario->name, one.attempt));
  print(listed("order", names) + fmt::format("         by seed {}\n", seed));
}

std::string Console::head(Phase phase, const std::string& text, const std::string& mark,
                          bool first_should) const {
  const bool named = phase != Phase::should || first_should;
  auto line = fmt::format("  {:<8} ", named ? to_string(phase) : "");
  if (!mark.empty()) line += mark + " ";
  return line + text;
}

void Console::tell(const Running& run, const std::string& text) {
  if (side_by_side()) {
    under_way_[run.number].text += text;
  } else {
    print(text);
  }
}

std::string Console::status() const {
  std::string line = fmt::format("{} of {} ended", ended_, planned_);
  for (const auto& [number, block] : under_way_) {
    auto item = fmt::format("{} {}", block.name, to_string(block.phase));
    if (block.phase == Phase::should) item += fmt::format(" {}/{}", block.shoulds, block.of_shoulds);
    if (columns(line) + 2 + columns(item) >= width) return line + " …";
    line += "  " + item;
  }
  return line;
}

void Console::show_status() {
  if (side_by_side() && style_.live) print(clear_line + paint(dim, under_way_.empty() ? "" : status()));
}

void Console::scenario_begins(const Running& run) {
  const auto name = titled(run.scenario.name, run.attempt);
  under_way_[run.number] = {name, "", Phase::given, 0, static_cast<int>(run.scenario.shoulds.size())};
  auto line = pad_to(name, run.scenario.summary);
  line.replace(0, name.size(), paint(bold, name));
  tell(run, line + "\n");
  show_status();
}

void Console::step_begins(const Running& run, Phase phase, const Step& step) {
  auto& block = under_way_[run.number];
  block.phase = phase;
  if (side_by_side()) return show_status();
  if (style_.live) print(head(phase, step.text, phase == Phase::should ? "…" : "", block.shoulds == 0));
}

void Console::step_ends(const Running& run, const StepResult& result) {
  auto& block = under_way_[run.number];
  if (style_.live && !side_by_side()) print(clear_line);
  auto told = result;
  if (baseline_) told.compared = baseline_->judge(run.scenario.name, result, run.mark);
  const bool good = result.verdict == Verdict::passed;
  std::string mark = good ? "✓" : result.verdict == Verdict::failed ? "✗" : "!";
  if (result.phase != Phase::should && good) mark.clear();
  auto line = head(result.phase, result.text, mark, block.shoulds == 0);
  if (told.compared.change != Change::none) line += fmt::format(" [{}]", to_string(told.compared.change));
  if (result.phase != Phase::should || result.took >= std::chrono::seconds{1})
    line = with_time(line, result.took);
  if (!mark.empty() && style_.colour) {
    const auto at = line.find(mark);
    line.replace(at, mark.size(), paint(good ? green : red, mark));
  }
  tell(run, line + "\n" + evidence_lines(told));
  if (!result.notes.empty()) tell(run, "           " + paint(dim, join(result.notes, ", ")) + "\n");
  if (result.phase == Phase::should) ++block.shoulds;
}

std::string Console::not_run(const ScenarioResult& result) const {
  int count = 0, lost = 0;
  for (const auto& step : result.steps) {
    if (step.phase != Phase::should || step.verdict != Verdict::not_run) continue;
    ++count;
    lost += baseline_ && baseline_->judge(result.name, step, result.mark).change == Change::new_red;
  }
  if (count == 0) return {};
  auto line = plural(count, "should") + " not run";
  if (lost > 0) line += fmt::format(", {} of them passed in the baseline", lost);
  return "  " + paint(yellow, line) + "\n";
}

void Console::scenario_ends(const Running& run, const ScenarioResult& result) {
  tell(run, not_run(result));
  if (result.cluster_lost) {
    tell(run, "  " + paint(red, "the cluster could not be reached any more: labctl doctor says more") + "\n");
  } else if (result.outcome == Outcome::unable) {
    tell(run, "  " + paint(yellow, "unable: something that it needs is not free; no verdict") + "\n");
  }
  if (result.outcome == Outcome::unable) {
    if (baseline_) tell(run, "  so its errors are not compared with the baseline\n");
  }
  ++ended_;
  const auto text = std::move(under_way_[run.number].text);
  under_way_.erase(run.number);
  if (!side_by_side()) return;
  print((style_.live ? clear_line : "") + text);
  show_status();
}

void Console::comparison(const RunResult& run) {
  if (!run.comparison) return;
  const auto& all = *run.comparison;
  for (const auto change : {Change::new_red, Change::mended}) {
    for (const auto& one : changes(run, change)) {
      print(paint(change == Change::mended ? green : red, fmt::format("{:<8}", to_string(change))) + " " +
            one.text + "\n");
    }
  }
  for (const auto& one : all.gone) print("gone     " + one + "\n");
  print("baseline " + all.text() + "\n" + "         against " + all.name() + "\n");
  if (all.scenarios == 0) {
    print("         none of these scenarios is in it\n");
  } else if (all.elsewhere > 0) {
    print("         " + plural(all.elsewhere, "scenario") + " of it not run now\n");
  }
}

void Console::summary(const RunResult& run, const std::string& report) {
  const auto counts = run.counts();
  auto line = plural(counts.scenarios, "scenario") + ", " + plural(counts.shoulds, "should") + ": " +
              fmt::format("{} passed, {} failed", counts.passed, counts.failed);
  if (counts.errored > 0) line += fmt::format(", {} errored", counts.errored);
  if (counts.not_run > 0) line += fmt::format(", {} not run", counts.not_run);
  if (!run.left_out.empty())
    line += fmt::format(", {} left out", plural(static_cast<int>(run.left_out.size()), "scenario"));
  print(with_time(line, run.took) + "\n");

  if (run.scenarios.size() > 1) {
    const char* word = "slowest";
    for (const auto* one : run.slowest(shown_as_slowest)) {
      print(with_time(fmt::format("{:<8} {}", word, titled(one->name, one->attempt)), one->took) + "\n");
      word = "";
    }
    print(fmt::format("total    {}, sum of scenarios {}, jobs {}\n", in_seconds(run.took),
                      in_seconds(run.sum_of_scenarios()), run.jobs));
  }
  for (const auto& one : run.leaked) print(paint(red, "leaked   " + one) + "\n");
  comparison(run);
  for (const auto& name : run.flaky()) print(paint(red, "flaky: " + name) + "\n");
  if (run.interrupted) print(paint(yellow, "interrupted") + "\n");
  if (!report.empty()) {
    print("report   " + report + (run.again.empty() ? "" : "   again: " + run.again) + "\n");
  } else if (!run.again.empty()) {
    print("again    " + run.again + "\n");
  }
}

}  // namespace labctl::runner
