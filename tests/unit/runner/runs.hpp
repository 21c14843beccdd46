#pragma once

#include "runner/result.hpp"

#include <string>
#include <utility>
#include <vector>

// Results like those of a run.
namespace labctl::runner::test {

inline StepResult judged(Phase phase, const std::string& text, Verdict verdict,
                         const std::string& seen = "b") {
  StepResult result;
  result.phase = phase;
  result.text = text;
  result.verdict = verdict;
  if (verdict == Verdict::failed) result.mismatch = Mismatch{"a", seen, "core1"};
  if (verdict == Verdict::errored) result.error = seen;
  return result;
}

inline StepResult should(const std::string& text, Verdict verdict, const std::string& seen = "b") {
  return judged(Phase::should, text, verdict, seen);
}

inline ScenarioResult ran(const std::string& name, std::vector<StepResult> steps, int attempt = 1) {
  ScenarioResult result;
  result.name = name;
  result.attempt = attempt;
  result.steps = std::move(steps);
  result.outcome = outcome_of(result.steps);
  return result;
}

inline RunResult run_of(std::vector<ScenarioResult> scenarios) {
  RunResult run;
  run.started = "2026-11-24T10:11:12Z";
  run.labctl = "0.1.0";
  run.scenarios = std::move(scenarios);
  return run;
}

}  // namespace labctl::runner::test
