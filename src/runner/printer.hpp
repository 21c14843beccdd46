#pragma once

#include "runner/baseline.hpp"
#include "runner/observer.hpp"
#include "runner/selection.hpp"

#include <string>
#include <vector>

namespace labctl::runner {

// What is about to run.
struct RunPlan {
  const std::vector<Planned>& scenarios;  // in the order in which they start
  const std::vector<LeftOut>& left_out;
  int jobs = 1;
  std::string why;  // that many jobs
  unsigned seed = 0;
};

// Prints a run as it happens, in one format: plan() first, then the events, then summary(). One class for
// each value of --format.
class Printer : public Observer {
public:
  virtual void plan(const RunPlan& plan) = 0;
  // `report`: the page that was written; may be empty.
  virtual void summary(const RunResult& run, const std::string& report) = 0;

  // From now on, each step is judged against the baseline: of this attempt, when it ends. Only summary()
  // knows all attempts. The baseline must outlive the printer.
  void compare_with(const Baseline& baseline) { baseline_ = &baseline; }

protected:
  bool compares() const { return baseline_ != nullptr; }
  StepResult compared(const Running& run, const StepResult& step) const;
  ScenarioResult compared(const Running& run, const ScenarioResult& scenario) const;

private:
  const Baseline* baseline_ = nullptr;
};

}  // namespace labctl::runner
