#include "runner/printer.hpp"

namespace labctl::runner {

StepResult Printer::compared(const Running& run, const StepResult& step) const {
  auto result = step;
  if (baseline_ != nullptr) result.compared = baseline_->judge(run.scenario.name, step, run.mark);
  return result;
}

ScenarioResult Printer::compared(const Running& run, const ScenarioResult& scenario) const {
  auto result = scenario;
  for (auto& step : result.steps) step = compared(run, step);
  return result;
}

}  // namespace labctl::runner
