#pragma once

#include "runner/result.hpp"
#include "runner/scenario.hpp"

#include <string>

namespace labctl::runner {

// One run of a scenario, as observers are told of it.
struct Running {
  const Scenario& scenario;
  int attempt = 1;
  int number = 1;    // of the run, from 1: the order in which scenarios were started
  std::string mark;  // of its slot; empty: the plain one
};

// Told what happens as it happens. Virtual: the console writes it, tests record it. Scenarios that run side
// by side are told apart by Running::number; run_plan() calls from several threads but never two calls at a
// time, so an observer needs no lock of its own. It must not wait for anything: all scenarios would wait with
// it.
class Observer {
public:
  virtual ~Observer() = default;
  virtual void scenario_begins(const Running& run) = 0;
  virtual void step_begins(const Running& run, Phase phase, const Step& step) = 0;
  virtual void step_ends(const Running& run, const StepResult& result) = 0;
  virtual void scenario_ends(const Running& run, const ScenarioResult& result) = 0;
};

}  // namespace labctl::runner
