#pragma once

#include "runner/check.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a run found. Filled by run.hpp, read by the reports; no I/O.
namespace labctl::runner {

enum class Phase { given, because, should, cleanup };
std::string_view to_string(Phase phase);

enum class Verdict {
  passed,
  failed,       // a check saw something else than it expected
  errored,      // it could not be judged
  interrupted,  // a signal came first
  not_run       // given or because went wrong, or the run was ended
};
std::string_view to_string(Verdict verdict);

struct StepResult {
  Phase phase = Phase::should;
  std::string text;
  Verdict verdict = Verdict::not_run;
  std::optional<Mismatch> mismatch;  // of a failed step
  std::string error;                 // of an errored one
  std::chrono::milliseconds took{0};
  std::vector<std::string> notes;  // what the step had to say, such as how long a handler took; see note.hpp
};

enum class Outcome {
  passed,
  failed,   // a should or the cleanup failed
  errored,  // given, because, a should or the cleanup could not be judged
  unable,   // the cluster itself could not be reached any more: says nothing about the scenario
  flaky,    // passed and failed when repeated; counts as a failure
  interrupted,
};
std::string_view to_string(Outcome outcome);

struct ScenarioResult {
  std::string name;
  std::string summary;  // "None → core1/core2"
  std::vector<std::string> tags;
  int attempt = 1;                // of --repeat
  std::vector<StepResult> steps;  // in the order they ran
  Outcome outcome = Outcome::passed;
  std::chrono::milliseconds took{0};
  int number = 1;    // of the run: the order in which scenarios were started
  std::string mark;  // of its slot; empty: the plain one
};

// A scenario that was chosen but can not run here.
struct LeftOut {
  std::string name;
  std::string why;

  bool operator==(const LeftOut&) const = default;
};

struct Counts {
  int scenarios = 0;
  int shoulds = 0;
  int passed = 0;
  int failed = 0;
  int errored = 0;
  int not_run = 0;
};

struct RunResult {
  std::vector<ScenarioResult> scenarios;  // in the order they were started; one an attempt
  std::vector<LeftOut> left_out;
  // What the run as a whole left behind and no scenario could be blamed for, or why that could not be looked at.
  std::vector<std::string> leaked;
  int jobs = 1;  // scenarios that could run at the same time
  unsigned seed = 0;
  std::vector<std::string> environment;  // "4 nodes", versions: what the caller knows of the cluster
  std::string again;                     // the command that repeats this run
  bool interrupted = false;
  std::string started;  // UTC, ISO 8601
  std::chrono::milliseconds took{0};

  Counts counts() const;  // of shoulds
  bool passed() const;
  // Names with more than one attempt that did not all end alike.
  std::vector<std::string> flaky() const;
  // How long the scenarios would have taken one after another.
  std::chrono::milliseconds sum_of_scenarios() const;
  // The runs that took longest, the longest first.
  std::vector<const ScenarioResult*> slowest(std::size_t most) const;
  // Whether some scenario says that the cluster could not be reached.
  bool unable() const;
};

// The outcome that a scenario's steps amount to.
Outcome outcome_of(const std::vector<StepResult>& steps);

}  // namespace labctl::runner
