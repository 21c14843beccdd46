#pragma once

#include "runner/result.hpp"
#include "runner/scenario.hpp"

#include <string>

namespace labctl::runner {

// One run of a scenario, for observers.
struct Running {
  const Scenario& scenario;
  int attempt = 1;
  int number = 1;    // of the run, from 1: the order in which scenarios were started
  std::string mark;  // of its slot; empty: the plain one
};

// Receives the events of a run immediately. Virtual: the console prints them, tests record them.
// Running::number distinguishes parallel scenarios. run_plan() calls from several threads but never
// concurrently, so an observer needs no lock. It must not block: that would block all scenarios.
class Observer {
public:
  virtual ~Observer() = default;
  virtual void scenario_begins(const Running& run) = 0;
  virtual void step_begins(const Running& run, Phase phase, const Step& step) = 0;
  virtual void step_ends(const Running& run, const StepResult& result) = 0;
  virtual void scenario_ends(const Running& run, const ScenarioResult& result) = 0;
};

}  // namespace labctl::runner
