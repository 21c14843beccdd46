#pragma once

#include "runner/result.hpp"

#include <compare>
#include <map>
#include <set>
#include <string>

// A run beside an earlier one, for those who ask whether a version got worse. No I/O.
//
// What is compared is a step: every should, and of every scenario its given, because and cleanup, and what
// the whole run leaked. A should is known by the scenario's name and its own text: both are the same for
// every seed, order, slot and attempt, but the text names nodes, so the two clusters must have nodes of the
// same names. given, because and cleanup are one each in a scenario: rewording them changes nothing.
//
// Of several attempts (--repeat) one red makes a step red, on both sides: a flaky should of the baseline is a
// known red, and is mended when every attempt passes. Red is *failed* or *errored*. *not run* and
// *interrupted* are no verdict, and neither is an error of a scenario that was *unable*: that speaks of the
// cluster.
//
//   there \ now    passed    red          no verdict
//   passed         -         new red      new red: a proof is lost
//   red            mended    known red    known red
//   no verdict     new       new red      -
//
// No verdict of a scenario that was interrupted or unable now is never a new red: the exit status tells of
// those anyway. A scenario that only the baseline has was not asked for and is counted only; a should of a
// scenario in both that only the baseline has is *gone* and named. A known red whose evidence is another one
// says so, and stays known.
namespace labctl::runner {

class Baseline {
public:
  // `name`: how the file is called in messages.
  Baseline(const RunResult& run, std::string name);

  bool has(const std::string& scenario) const { return scenarios_.contains(scenario); }
  std::size_t scenarios() const { return scenarios_.size(); }
  // of the baseline alone, nothing counted yet: its name, date and version
  const Comparison& origin() const { return origin_; }

  // One attempt's step, as it is known when it has just ended: what other attempts or the scenario's outcome
  // would change in it is left to compare(). `mark` is the slot's.
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
    bool excused = true;  // has no verdict only where the attempt was interrupted or unable
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
