#pragma once

#include "runner/result.hpp"

#include <compare>
#include <map>
#include <set>
#include <string>

// Compares a run with an earlier one, to find regressions. No I/O.
//
// The unit of comparison is a step: every should; given, because and cleanup of every scenario; and the leaks
// of the whole run. A should is identified by the scenario's name and its own text. Both are the same for
// every seed, order, slot and attempt, but the text names nodes, so both clusters must use the same node
// names. A scenario has one given, one because and one cleanup, so rewording them has no effect.
//
// With several attempts (--repeat), one red attempt makes a step red, on both sides: a flaky should of the
// baseline is a known red, and is mended when every attempt passes. Red is *failed* or *errored*. *not run*
// and *interrupted* are no verdict; nor is an error of an *unable* scenario, which is a problem of the
// cluster.
//
//   there \ now    passed    red          no verdict
//   passed         -         new red      new red: a proof is lost
//   red            mended    known red    known red
//   no verdict     new       new red      -
//
// "No verdict" is never a new red if the scenario was interrupted or unable now: the exit status reports
// those anyway. A scenario that only the baseline has was not selected and is only counted; a should that
// only the baseline has, of a scenario in both, is *gone* and named. A known red with different evidence is
// marked so, and stays known.
namespace labctl::runner {

class Baseline {
public:
  // `name`: the file's name for messages.
  Baseline(const RunResult& run, std::string name);

  bool has(const std::string& scenario) const { return scenarios_.contains(scenario); }
  std::size_t scenarios() const { return scenarios_.size(); }
  // only of the baseline, nothing counted yet: its name, date and version
  const Comparison& origin() const { return origin_; }

  // Judges one attempt's step when it has just ended; compare() later includes other attempts and the
  // scenario's outcome. `mark` is the slot's.
  Compared judge(const std::string& scenario, const StepResult& step, const std::string& mark) const;

  // Sets StepResult::compared of every step and RunResult::comparison.
  void compare(RunResult& run) const;

private:
  struct Key {
    std::string scenario;
    Phase phase;
    std::string text;  // of a should

    auto operator<=>(const Key&) const = default;
  };
  enum class Standing { passed, red, none };
  // A step over all attempts.
  struct Seen {
    Standing standing = Standing::none;
    bool excused = true;  // every missing verdict is from an interrupted or unable attempt
    std::set<std::string> reasons;
  };
  using Steps = std::map<Key, Seen>;

  static Key key_of(const std::string& scenario, const StepResult& step);
  static Seen seen_of(const StepResult& step, const std::string& mark, Outcome outcome);
  static Steps steps_of(const RunResult& run);
  Compared judge(const Key& key, const Seen& now) const;

  Comparison origin_;
  std::set<std::string> scenarios_;
  Steps steps_;
  bool leaked_ = false;
};

}  // namespace labctl::runner
