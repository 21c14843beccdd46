#pragma once

#include "runner/check.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The result of a run. Filled by run.hpp, read by the reports; no I/O.
namespace labctl::runner {

enum class Phase { given, because, should, cleanup };
std::string_view to_string(Phase phase);

enum class Verdict {
  passed,
  failed,       // a check found something else than it expected
  errored,      // it could not be judged
  interrupted,  // a signal came first
  not_run       // given or because failed, or the run was ended
};
std::string_view to_string(Verdict verdict);

// The change of a step against the baseline of --baseline; baseline.hpp has the rules.
enum class Change {
  none,       // there is no baseline, or no change: passed in both, judged in neither
  new_red,    // red, or not judged although it passed there
  known_red,  // red there too
  mended,     // red there, passed in every attempt now
  fresh,      // passed, and the baseline has no verdict on it
};
std::string_view to_string(Change change);  // "", "new red", "known red", "mended", "new"

struct Compared {
  Change change = Change::none;
  std::string remark;  // additional information, such as "other evidence than there"; may be empty

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
  std::vector<std::string> notes;                    // such as how long a handler took; see note.hpp
  Compared compared{};                               // with the baseline
  std::optional<std::chrono::milliseconds> began{};  // since the run began; not in reports of before 0.1.0

  bool red() const { return verdict == Verdict::failed || verdict == Verdict::errored; }
};

// What was seen on the cluster while labctl waited for an event (cluster/activity.hpp). What nobody waited
// for is not here.
struct Activity {
  enum class Kind {
    event,        // labctl fired an event; takes no time
    handler,      // a node's handler: from accepting the event to its last log line about it
    maintenance,  // the maintenance key of the app was there
  };
  Kind kind = Kind::event;
  std::string node;                    // of a handler, otherwise ""
  std::string event;                   // the id; of a maintenance window ""
  std::chrono::milliseconds began{0};  // since the run began
  std::chrono::milliseconds took{0};
  bool ended = true;  // false: its end was not seen; then `took` ends at the last sign of it

  bool operator==(const Activity&) const = default;
};
std::string_view to_string(Activity::Kind kind);

// A text that explains a red scenario: the state of an app, the log of a handler.
struct Attachment {
  std::string name;
  std::string text;

  bool operator==(const Attachment&) const = default;
};

enum class Outcome {
  passed,
  failed,   // a should or the cleanup failed
  errored,  // given, because, a should or the cleanup could not be judged
  unable,   // the cluster was lost, or another app has what the scenario needs: no verdict on the app
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
  // Of a red one: the file with what the cluster held then, relative to the report's folder; "" if none.
  std::string post_mortem{};
  std::optional<std::chrono::milliseconds> began{};  // since the run began
  std::vector<Activity> activities{};                // by their beginning
  std::vector<Attachment> attachments{};             // of a red one, as it was before its cleanup
};

// A scenario that was selected but cannot run here.
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

// The result of a run compared with its baseline. Counts steps, each once for all repetitions.
struct Comparison {
  std::string against;  // the file, as it was named
  std::string started;  // of the baseline
  std::string labctl;   // its version
  bool interrupted = false;
  int new_red = 0;
  int not_judged = 0;  // the number of new reds that are shoulds not run now
  int known_red = 0;
  int mended = 0;
  int fresh = 0;
  int scenarios = 0;  // that are in both
  int elsewhere =
      0;  // that only the baseline has: not selected, skipped, or there is none of that name any more
  std::vector<std::string> gone;  // shoulds of these scenarios that only the baseline has
  Compared leaked;                // RunResult::leaked, as one step of the whole run

  // "0 new red, 3 known red, 1 mended, 2 new"; also "31 new red (30 of them not run)".
  std::string text() const;
  // "build/old (2026-11-24 10:11, labctl 0.1.0)".
  std::string name() const;
};

struct RunResult {
  std::vector<ScenarioResult> scenarios;  // in the order they were started; one per attempt
  std::vector<LeftOut> left_out;
  // Leaks of the whole run that could not be attributed to a scenario, or why that look failed.
  std::vector<std::string> leaked;
  // Whether the end of the run was looked at, so that an empty `leaked` means something.
  bool audited = true;
  int jobs = 1;  // scenarios that could run at the same time
  unsigned seed = 0;
  std::vector<std::string> environment;  // "4 nodes", versions: what the caller knows about the cluster
  std::string again;                     // the command that repeats this run
  bool interrupted = false;
  std::string started;  // UTC, ISO 8601
  std::chrono::milliseconds took{0};
  std::string labctl;                    // the version that ran
  std::optional<Comparison> comparison;  // of --baseline

  Counts counts() const;  // of shoulds
  bool passed() const;
  // Passed, or with a baseline: not interrupted and no new reds.
  bool acceptable() const;
  // Scenarios whose attempts had different outcomes.
  std::vector<std::string> flaky() const;
  // The sum of the scenarios' times.
  std::chrono::milliseconds sum_of_scenarios() const;
  // The runs that took longest, the longest first.
  std::vector<const ScenarioResult*> slowest(std::size_t most) const;
  // Whether at least one scenario could not reach the cluster.
  bool cluster_lost() const;
  // Whether at least one scenario could not be judged here.
  bool unable() const;
  // Whether something is red (with a comparison: newly red); this takes precedence over unable().
  bool wrong() const;
};

// The outcome that follows from a scenario's steps.
Outcome outcome_of(const std::vector<StepResult>& steps);

}  // namespace labctl::runner
