#include "runner/report_diff.hpp"

#include "base/table.hpp"
#include "base/text.hpp"
#include "runner/changes.hpp"
#include "runner/run_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace labctl::runner {
namespace {

using nlohmann::ordered_json;
using std::chrono::milliseconds;

// One scenario in one run, all attempts together.
struct Side {
  Outcome outcome = Outcome::passed;
  milliseconds total{0};
  int attempts = 0;

  milliseconds mean() const { return total / attempts; }
};

// One scenario in both runs.
struct Row {
  std::optional<Side> a, b;

  std::optional<double> ratio() const {
    if (!a || !b || a->mean().count() == 0) return std::nullopt;
    return static_cast<double>(b->mean().count()) / static_cast<double>(a->mean().count());
  }
};

using Rows = std::map<std::string, Row>;

void add(std::optional<Side>& side, const ScenarioResult& scenario) {
  if (!side) side = Side{scenario.outcome, {}, 0};
  // A passed attempt does not hide another outcome. If some attempts passed, the failed ones are already
  // "flaky": see RunResult::flaky().
  if (side->outcome == Outcome::passed) side->outcome = scenario.outcome;
  side->total += scenario.took;
  ++side->attempts;
}

Rows rows_of(const RunResult& a, const RunResult& b) {
  Rows rows;
  for (const auto& one : a.scenarios) add(rows[one.name].a, one);
  for (const auto& one : b.scenarios) add(rows[one.name].b, one);
  return rows;
}

std::string head_of(const char* letter, const std::string& name, const RunResult& run) {
  const auto counts = run.counts();
  return fmt::format("{}        {}\n         {}, {}: {} passed, {} failed, {} errored, {} not run\n", letter,
                     name, plural(counts.scenarios, "scenario"), plural(counts.shoulds, "should"),
                     counts.passed, counts.failed, counts.errored, counts.not_run);
}

std::string outcome_text(const std::optional<Side>& side) {
  return side ? std::string(to_string(side->outcome)) : "-";
}

std::string time_text(const std::optional<Side>& side) { return side ? in_seconds(side->mean()) : "-"; }

std::string ratio_text(const std::optional<double>& ratio) {
  return ratio ? fmt::format("{:.2f}", *ratio) : "-";
}

// Verdict and time of A and of B, and the ratio of the times. The first column is as wide as the longest
// name.
std::string table_of(const Rows& rows) {
  Row both{Side{Outcome::passed, {}, 1}, Side{Outcome::passed, {}, 1}};
  std::size_t name_width = 8, outcome_a = 1, outcome_b = 1;
  for (const auto& [name, row] : rows) {
    name_width = std::max(name_width, columns(name));
    outcome_a = std::max(outcome_a, outcome_text(row.a).size());
    outcome_b = std::max(outcome_b, outcome_text(row.b).size());
    if (!row.a || !row.b) continue;
    both.a->total += row.a->mean();
    both.b->total += row.b->mean();
  }
  constexpr std::size_t time_width = 9;
  const auto line = [&](const std::string& name, const std::string& verdict_a, const std::string& time_a,
                        const std::string& verdict_b, const std::string& time_b, const std::string& ratio) {
    return fmt::format("{}{}  {:<{}}{:>{}}  {:<{}}{:>{}}  {:>5}\n", name,
                       std::string(name_width - std::min(name_width, columns(name)), ' '), verdict_a,
                       outcome_a, time_a, time_width, verdict_b, outcome_b, time_b, time_width, ratio);
  };
  auto text = line("", "A", "", "B", "", "B/A");
  for (const auto& [name, row] : rows) {
    text += line(name, outcome_text(row.a), time_text(row.a), outcome_text(row.b), time_text(row.b),
                 ratio_text(row.ratio()));
  }
  return text + line("in both", "", time_text(both.a), "", time_text(both.b), ratio_text(both.ratio()));
}

// `rows` shows which scenarios A does not have: of these, only red steps are printed.
std::string changes_of(const RunResult& b, const Rows& rows) {
  std::string text;
  for (const auto change : {Change::new_red, Change::known_red, Change::mended, Change::fresh}) {
    for (const auto& one : changes(b, change)) {
      // A known red that did not change needs no line.
      const bool remarkable = one.step != nullptr && !one.step->compared.remark.empty();
      if (change == Change::known_red && !remarkable) continue;
      if (change == Change::fresh && !rows.at(one.scenario).a) continue;
      text += fmt::format("{:<9} {}\n", to_string(change), one.text);
      if (one.step != nullptr && one.step->red()) text += evidence_lines(*one.step);
    }
  }
  for (const auto& one : b.comparison->gone) text += fmt::format("{:<9} {}\n", "gone", one);
  return text.empty() ? text : "\n" + text;
}

ordered_json json_of(const RunResult& run) {
  return {{"started", run.started},
          {"labctl", run.labctl},
          {"milliseconds", run.took.count()},
          {"interrupted", run.interrupted},
          {"environment", run.environment}};
}

ordered_json json_of(const std::optional<Side>& side) {
  if (!side) return nullptr;
  return {{"outcome", to_string(side->outcome)},
          {"milliseconds", side->mean().count()},
          {"attempts", side->attempts}};
}

ordered_json json_of(const ScenarioResult& scenario, const StepResult& step) {
  ordered_json object{{"change", to_string(step.compared.change)},
                      {"scenario", scenario.name},
                      {"attempt", scenario.attempt},
                      {"phase", to_string(step.phase)},
                      {"text", step.text},
                      {"verdict", to_string(step.verdict)}};
  if (!step.compared.remark.empty()) object["remark"] = step.compared.remark;
  return object;
}

}  // namespace

std::string diff_text(const RunResult& a, const RunResult& b, const std::string& name_of_b) {
  Comparison origin_b;
  origin_b.against = name_of_b;
  origin_b.started = b.started;
  origin_b.labctl = b.labctl;
  origin_b.interrupted = b.interrupted;
  const auto& all = *b.comparison;
  const auto rows = rows_of(a, b);
  return head_of("A", all.name(), a) + head_of("B", origin_b.name(), b) + "\n" + table_of(rows) +
         changes_of(b, rows) + "\n" + all.text() + "\n";
}

std::string diff_json(const RunResult& a, const RunResult& b) {
  ordered_json scenarios = ordered_json::array(), steps = ordered_json::array();
  for (const auto& [name, row] : rows_of(a, b)) {
    ordered_json ratio = nullptr;
    if (const auto value = row.ratio()) ratio = *value;
    scenarios.push_back({{"name", name}, {"a", json_of(row.a)}, {"b", json_of(row.b)}, {"ratio", ratio}});
  }
  for (const auto& scenario : b.scenarios) {
    for (const auto& step : scenario.steps) {
      if (step.compared.change != Change::none) steps.push_back(json_of(scenario, step));
    }
  }
  const auto& all = *b.comparison;
  const ordered_json document{{"a", json_of(a)},        {"b", json_of(b)},
                              {"scenarios", scenarios}, {"changes", steps},
                              {"gone", all.gone},       {"leaked", to_string(all.leaked.change)},
                              {"new_red", all.new_red}, {"known_red", all.known_red},
                              {"mended", all.mended},   {"new", all.fresh}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace labctl::runner
