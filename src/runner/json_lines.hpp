#pragma once

#include "runner/printer.hpp"
#include "runner/screen.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace labctl::runner {

// Prints a run as JSON, one object per line for each event, as it happens (--format jsonl, --json). Every
// object has
//
//   event     its kind, see below; a reader must skip kinds and keys that it does not know
//   time      UTC, ISO 8601 with milliseconds
//
// and by kind, in this order:
//
//   plan             {jobs, why, seed, scenarios: [{name, attempt}], left_out: [{name, why}]}
//   scenario-begins  {number, name, attempt, mark, summary, shoulds}    `number` identifies it in all its events
//   step-begins      {number, phase, text}
//   step-ends        {number, phase, text, verdict, milliseconds, ...}  a step of results.json
//   scenario-ends    {number, name, ..., outcome, milliseconds}         a scenario of results.json without `steps`
//   run-ends         results.json in one line, and {report}; the last event. Only here, `outcome` can be
//                    "flaky", and `change` includes all attempts.
//
// `change` and `remark` of step-ends are of this attempt. Shoulds that were not run have no step events.
class JsonLines : public Printer {
public:
  using Now = std::function<std::chrono::system_clock::time_point()>;

  explicit JsonLines(Screen& screen, Now now = std::chrono::system_clock::now);

  void plan(const RunPlan& plan) override;
  void scenario_begins(const Running& run) override;
  void step_begins(const Running& run, Phase phase, const Step& step) override;
  void step_ends(const Running& run, const StepResult& result) override;
  void scenario_ends(const Running& run, const ScenarioResult& result) override;
  void summary(const RunResult& run, const std::string& report) override;

private:
  nlohmann::ordered_json event(const char* kind) const;
  void print(const nlohmann::ordered_json& event);

  Screen& screen_;
  Now now_;
};

}  // namespace labctl::runner
