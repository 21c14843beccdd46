#pragma once

#include "runner/printer.hpp"
#include "runner/screen.hpp"

#include <string>

namespace labctl::runner {

// Prints a run as TAP version 14 (--format tap; https://testanything.org/tap-version-14-specification.html):
// a subtest for each scenario, written when it has ended, with a test point for each step. Red steps have a
// YAML block. A should that was not run is `# SKIP`, a known red of a baseline `# TODO`, which does not fail.
// The plan comes last, because a run can end early; without it, the run was killed. An interrupted run ends
// with `Bail out!`.
class TapOutput : public Printer {
public:
  explicit TapOutput(Screen& screen) : screen_(screen) {}

  void plan(const RunPlan& plan) override;
  void scenario_begins(const Running&) override {}
  void step_begins(const Running&, Phase, const Step&) override {}
  void step_ends(const Running&, const StepResult&) override {}
  void scenario_ends(const Running& run, const ScenarioResult& result) override;
  void summary(const RunResult& run, const std::string& report) override;

private:
  Screen& screen_;
  int points_ = 0;
};

}  // namespace labctl::runner
