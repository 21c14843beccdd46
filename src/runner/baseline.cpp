#include "runner/baseline.hpp"

#include "runner/evidence.hpp"

#include <algorithm>
#include <utility>

namespace labctl::runner {
namespace {

bool says_nothing(Outcome outcome) { return outcome == Outcome::interrupted || outcome == Outcome::unable; }

std::set<std::string> names_of(const RunResult& run) {
  std::set<std::string> names;
  for (const auto& one : run.scenarios) names.insert(one.name);
  return names;
}

void count(const Compared& compared, Comparison& in) {
  in.new_red += compared.change == Change::new_red;
  in.known_red += compared.change == Change::known_red;
  in.mended += compared.change == Change::mended;
  in.fresh += compared.change == Change::fresh;
}

}  // namespace

Baseline::Baseline(const RunResult& run, std::string name)
    : scenarios_(names_of(run)), steps_(steps_of(run)), leaked_(!run.leaked.empty()) {
  origin_.against = std::move(name);
  origin_.started = run.started;
  origin_.labctl = run.labctl;
  origin_.interrupted = run.interrupted;
}

Baseline::Key Baseline::key_of(const std::string& scenario, const StepResult& step) {
  return {scenario, step.phase, step.phase == Phase::should ? step.text : ""};
}

Baseline::Seen Baseline::seen_of(const StepResult& step, const std::string& mark, Outcome outcome) {
  Seen seen;
  seen.excused = says_nothing(outcome);
  const bool blames_cluster = outcome == Outcome::unable && step.verdict == Verdict::errored;
  if (step.verdict == Verdict::passed) {
    seen.standing = Standing::passed;
  } else if (step.red() && !blames_cluster) {
    seen.standing = Standing::red;
    seen.reasons.insert(reason_of(step, mark));
  }
  return seen;
}

Baseline::Steps Baseline::steps_of(const RunResult& run) {
  Steps steps;
  for (const auto& scenario : run.scenarios) {
    for (const auto& step : scenario.steps) {
      const auto one = seen_of(step, scenario.mark, scenario.outcome);
      const auto [at, is_first] = steps.try_emplace(key_of(scenario.name, step), one);
      if (is_first) continue;
      auto& all = at->second;
      // One red attempt makes the step red. One attempt with a verdict is enough for a verdict.
      if (one.standing == Standing::red || all.standing == Standing::none) all.standing = one.standing;
      all.excused = all.excused && one.excused;
      all.reasons.insert(one.reasons.begin(), one.reasons.end());
    }
  }
  return steps;
}

Compared Baseline::judge(const Key& key, const Seen& now) const {
  const auto found = steps_.find(key);
  const auto there = found == steps_.end() ? Standing::none : found->second.standing;
  switch (now.standing) {
    case Standing::passed:
      if (there == Standing::passed) return {};
      return there == Standing::red ? Compared{Change::mended, ""} : Compared{Change::fresh, ""};
    case Standing::red: {
      if (there == Standing::passed) return {Change::new_red, ""};
      if (there == Standing::none)
        return {Change::new_red, found == steps_.end() ? "not in the baseline" : "not judged there"};
      const auto& known = found->second.reasons;
      const bool same = std::includes(known.begin(), known.end(), now.reasons.begin(), now.reasons.end());
      return {Change::known_red, same ? "" : "other evidence than there"};
    }
    case Standing::none:
      if (there == Standing::red) return {Change::known_red, "not judged now"};
      if (there == Standing::passed && !now.excused) return {Change::new_red, "passed there, not judged now"};
      return {};
  }
  return {};
}

Compared Baseline::judge(const std::string& scenario, const StepResult& step, const std::string& mark) const {
  return judge(key_of(scenario, step), seen_of(step, mark, Outcome::failed));
}

void Baseline::compare(RunResult& run) const {
  Comparison comparison = origin_;
  const auto steps = steps_of(run);
  for (const auto& [key, seen] : steps) {
    const auto compared = judge(key, seen);
    count(compared, comparison);
    comparison.not_judged += compared.change == Change::new_red && seen.standing == Standing::none;
  }
  for (auto& scenario : run.scenarios) {
    for (auto& step : scenario.steps) {
      const auto key = key_of(scenario.name, step);
      step.compared = judge(key, seen_of(step, scenario.mark, scenario.outcome));
      const auto all = steps.at(key).standing;
      // Another attempt is red, or has the verdict that this one lacks: nothing is shown for this attempt.
      const bool red_elsewhere = step.compared.change == Change::mended && all == Standing::red;
      const bool judged_elsewhere = step.verdict == Verdict::not_run && all != Standing::none;
      if (red_elsewhere || judged_elsewhere) step.compared = {};
    }
  }

  const auto names = names_of(run);
  comparison.scenarios = static_cast<int>(
      std::count_if(names.begin(), names.end(), [this](const auto& name) { return has(name); }));
  comparison.elsewhere = static_cast<int>(scenarios_.size()) - comparison.scenarios;
  for (const auto& [key, seen] : steps_) {
    if (key.phase == Phase::should && names.contains(key.scenario) && !steps.contains(key))
      comparison.gone.push_back(key.scenario + ": " + key.text);
  }
  if (!run.leaked.empty()) {
    comparison.leaked.change = leaked_ ? Change::known_red : Change::new_red;
  } else if (leaked_ && run.audited) {
    comparison.leaked.change = Change::mended;
  }
  count(comparison.leaked, comparison);
  run.comparison = std::move(comparison);
}

}  // namespace labctl::runner
