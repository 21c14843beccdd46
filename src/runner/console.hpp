#pragma once

#include "runner/printer.hpp"
#include "runner/run_text.hpp"
#include "runner/screen.hpp"

#include <map>
#include <string>

namespace labctl::runner {

struct ConsoleStyle {
  bool colour = false;
  bool verbose = false;  // every step, also those that passed
};

// Prints a run for a person (--format plain): one line for each scenario when it has ended, and below it what
// was red, with evidence. Verbose: every given, because, should and cleanup, with times; one job: each when
// it is decided; several jobs: each scenario as one block when it has ended.
class Console : public Printer {
public:
  Console(Screen& screen, ConsoleStyle style) : screen_(screen), style_(style), paint_(style.colour) {}

  // Prints the number of jobs and why, the skipped scenarios, and verbose with several jobs the start order.
  // Without this call: one job.
  void plan(const RunPlan& plan) override;

  void scenario_begins(const Running& run) override;
  void step_begins(const Running&, Phase, const Step&) override {}
  void step_ends(const Running& run, const StepResult& result) override;
  void scenario_ends(const Running& run, const ScenarioResult& result) override;

  void summary(const RunResult& run, const std::string& report) override;

private:
  // A running scenario.
  struct Block {
    std::string text;  // not yet printed
    bool first_should = true;
  };

  void tell(const Running& run, const std::string& text);

  Screen& screen_;
  ConsoleStyle style_;
  Paint paint_;
  int jobs_ = 1;
  std::map<int, Block> under_way_;  // by number
};

}  // namespace labctl::runner
