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

// What became of a step since the baseline of --baseline; baseline.hpp has the rules.
enum class Change {
  none,       // there is no baseline, or nothing to say: passed in both, judged in neither
  new_red,    // red, or not judged although it passed there
  known_red,  // red there too
  mended,     // red there, passed in every attempt now
  fresh,      // passed, and the baseline has no verdict on it
};
std::string_view to_string(Change change);  // "", "new red", "known red", "mended", "new"

struct Compared {
  Change change = Change::none;
  std::string remark;  // what the word alone does not tell, such as "other evidence than there"; may be empty

  std::string text() const;  // "known red: other evidence than there"
  bool operator==(const Compared&) const = default;
};

struct StepResult {
  Phase phase = Phase::should;
  std::string text;
  Verdict verdict = Verdict::not_run;
  std::optional<Mismatch> mismatch;  // of a failed step, or of one that ran out of time
  std::string error;                 // of an errored one
  std::chrono::milliseconds took{0};
  std::vector<std::string> notes;  // what the step had to say, such as how long a handler took; see note.hpp
  Compared compared{};             // with the baseline

  bool red() const { return verdict == Verdict::failed || verdict == Verdict::errored; }
};

enum class Outcome {
  passed,
  failed,   // a should or the cleanup failed
  errored,  // given, because, a should or the cleanup could not be judged
  unable,   // the cluster was lost, or somebody else has what the scenario needs: says nothing about it
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
  int number = 1;             // of the run: the order in which scenarios were started
  std::string mark;           // of its slot; empty: the plain one
  bool cluster_lost = false;  // why it is *unable*: the cluster could not be reached any more
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

// What a run amounts to beside its baseline. Counted are steps, each once however often it was repeated.
struct Comparison {
  std::string against;  // the file, as it was named
  std::string started;  // of the baseline
  std::string labctl;   // its version
  bool interrupted = false;
  int new_red = 0;
  int not_judged = 0;  // so many of the new reds are shoulds that were not run now
  int known_red = 0;
  int mended = 0;
  int fresh = 0;
  int scenarios = 0;  // that are in both
  int elsewhere =
      0;  // that only the baseline has: not chosen, left out, or there is none of that name any more
  std::vector<std::string> gone;  // shoulds that the baseline has of these scenarios and this run has not
  Compared leaked;                // RunResult::leaked, as one step of the run as a whole

  // "0 new red, 3 known red, 1 mended, 2 new"; also "31 new red (30 of them not run)".
  std::string text() const;
  // "build/old (2026-11-24 10:11, labctl 0.1.0)".
  std::string name() const;
};

struct RunResult {
  std::vector<ScenarioResult> scenarios;  // in the order they were started; one an attempt
  std::vector<LeftOut> left_out;
  // What the run as a whole left behind and no scenario could be blamed for, or why that could not be looked
  // at.
  std::vector<std::string> leaked;
  int jobs = 1;  // scenarios that could run at the same time
  unsigned seed = 0;
  std::vector<std::string> environment;  // "4 nodes", versions: what the caller knows of the cluster
  std::string again;                     // the command that repeats this run
  bool interrupted = false;
  std::string started;  // UTC, ISO 8601
  std::chrono::milliseconds took{0};
  std::string labctl;                    // the version that ran
  std::optional<Comparison> comparison;  // of --baseline

  Counts counts() const;  // of shoulds
  bool passed() const;
  // Whether it is as good as it has to be: passed, or with a baseline not interrupted and without new reds.
  bool acceptable() const;
  // Names with more than one attempt that did not all end alike.
  std::vector<std::string> flaky() const;
  // How long the scenarios would have taken one after another.
  std::chrono::milliseconds sum_of_scenarios() const;
  // The runs that took longest, the longest first.
  std::vector<const ScenarioResult*> slowest(std::size_t most) const;
  // Whether some scenario says that the cluster could not be reached.
  bool cluster_lost() const;
  // Whether some scenario could not be judged here.
  bool unable() const;
  // Whether something is red, newly if there is a comparison: that counts more than what could not be judged.
  bool wrong() const;
};

// The outcome that a scenario's steps amount to.
Outcome outcome_of(const std::vector<StepResult>& steps);

}  // namespace labctl::runner
