#include "runner/result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace labctl::runner {

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::given:
      return "given";
    case Phase::because:
      return "because";
    case Phase::should:
      return "should";
    case Phase::cleanup:
      return "cleanup";
  }
  return "should";
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return "passed";
    case Verdict::failed:
      return "failed";
    case Verdict::errored:
      return "errored";
    case Verdict::interrupted:
      return "interrupted";
    case Verdict::not_run:
      return "not-run";
  }
  return "not-run";
}

std::string_view to_string(Activity::Kind kind) {
  switch (kind) {
    case Activity::Kind::event:
      return "event";
    case Activity::Kind::handler:
      return "handler";
    case Activity::Kind::maintenance:
      return "maintenance";
  }
  return "event";
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "passed";
    case Outcome::failed:
      return "failed";
    case Outcome::errored:
      return "errored";
    case Outcome::unable:
      return "unable";
    case Outcome::flaky:
      return "flaky";
    case Outcome::interrupted:
      return "interrupted";
  }
  return "errored";
}

std::string_view to_string(Change change) {
  switch (change) {
    case Change::none:
      return "";
    case Change::new_red:
      return "new red";
    case Change::known_red:
      return "known red";
    case Change::mended:
      return "mended";
    case Change::fresh:
      return "new";
  }
  return "";
}

std::string Compared::text() const {
  return std::string(to_string(change)) + (remark.empty() ? "" : ": " + remark);
}

std::string Comparison::text() const {
  const auto part = not_judged > 0 ? fmt::format(" ({} of them not run)", not_judged) : "";
  return fmt::format("{} new red{}, {} known red, {} mended, {} new", new_red, part, known_red, mended,
                     fresh);
}

std::string Comparison::name() const {
  // "2026-11-24T10:11:12Z" is shortened; any other text is unchanged.
  const auto date =
      started.size() == 20 ? started.substr(0, 10) + " " + started.substr(11, 5) + " UTC" : started;
  return fmt::format("{} ({}, labctl {}{})", against, date, labctl, interrupted ? ", interrupted" : "");
}

Outcome outcome_of(const std::vector<StepResult>& steps) {
  const auto any = [&](Verdict verdict, auto phase_matters) {
    return std::any_of(steps.begin(), steps.end(), [&](const StepResult& step) {
      return step.verdict == verdict && phase_matters(step.phase);
    });
  };
  const auto every_phase = [](Phase) { return true; };
  const auto before_should = [](Phase phase) { return phase == Phase::given || phase == Phase::because; };
  if (any(Verdict::interrupted, every_phase)) return Outcome::interrupted;
  // If a check fails in given, there is nothing to judge.
  const auto given = [](Phase phase) { return phase == Phase::given; };
  if (any(Verdict::errored, before_should) || any(Verdict::failed, given)) return Outcome::errored;
  if (any(Verdict::failed, every_phase)) return Outcome::failed;
  if (any(Verdict::errored, every_phase)) return Outcome::errored;
  return Outcome::passed;
}

Counts RunResult::counts() const {
  Counts counts;
  for (const auto& scenario : scenarios) {
    ++counts.scenarios;
    for (const auto& step : scenario.steps) {
      if (step.phase != Phase::should) continue;
      ++counts.shoulds;
      switch (step.verdict) {
        case Verdict::passed:
          ++counts.passed;
          break;
        case Verdict::failed:
          ++counts.failed;
          break;
        case Verdict::errored:
          ++counts.errored;
          break;
        case Verdict::interrupted:
        case Verdict::not_run:
          ++counts.not_run;
          break;
      }
    }
  }
  return counts;
}

bool RunResult::passed() const {
  return !interrupted && leaked.empty() &&
         std::all_of(scenarios.begin(), scenarios.end(),
                     [](const auto& one) { return one.outcome == Outcome::passed; });
}

bool RunResult::acceptable() const {
  return passed() || (comparison && !interrupted && comparison->new_red == 0);
}

std::chrono::milliseconds RunResult::sum_of_scenarios() const {
  std::chrono::milliseconds sum{0};
  for (const auto& one : scenarios) sum += one.took;
  return sum;
}

std::vector<const ScenarioResult*> RunResult::slowest(std::size_t most) const {
  std::vector<const ScenarioResult*> all;
  for (const auto& one : scenarios) all.push_back(&one);
  std::stable_sort(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->took > b->took; });
  if (all.size() > most) all.resize(most);
  return all;
}

bool RunResult::cluster_lost() const {
  return std::any_of(scenarios.begin(), scenarios.end(), [](const auto& one) { return one.cluster_lost; });
}

bool RunResult::unable() const {
  return std::any_of(scenarios.begin(), scenarios.end(),
                     [](const auto& one) { return one.outcome == Outcome::unable; });
}

bool RunResult::wrong() const {
  if (comparison) return comparison->new_red > 0;
  return !leaked.empty() || std::any_of(scenarios.begin(), scenarios.end(), [](const auto& one) {
    return one.outcome == Outcome::failed || one.outcome == Outcome::errored || one.outcome == Outcome::flaky;
  });
}

std::vector<std::string> RunResult::flaky() const {
  std::map<std::string, std::set<bool>> ends;
  for (const auto& one : scenarios) {
    // Attempts that could not be judged do not count.
    if (one.outcome != Outcome::unable && one.outcome != Outcome::interrupted)
      ends[one.name].insert(one.outcome == Outcome::passed);
  }
  std::vector<std::string> names;
  for (const auto& [name, seen] : ends) {
    if (seen.size() > 1) names.push_back(name);
  }
  return names;
}

}  // namespace labctl::runner
