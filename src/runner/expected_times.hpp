#pragma once

#include "runner/result.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

// How long a run will still take, from the times of an earlier run. No I/O.
namespace labctl::runner {

// How long each scenario took in an earlier run: the mean of its attempts that ended with a verdict.
class ExpectedTimes {
public:
  ExpectedTimes() = default;  // nothing is known
  explicit ExpectedTimes(const RunResult& last);

  std::optional<std::chrono::milliseconds> of(const std::string& scenario) const;
  bool none() const { return times_.empty(); }

private:
  std::map<std::string, std::chrono::milliseconds> times_;
};

// A scenario that runs or will run.
struct Due {
  std::string name;
  bool alone = false;                    // it runs alone: Scenario::disruptive
  std::chrono::milliseconds elapsed{0};  // of a running one
};

struct Remaining {
  std::chrono::milliseconds time{0};
  int unknown = 0;  // scenarios without an expected time; they are not part of `time`

  // "about 40 s left", "about 3 min left", "at least 3 min left, 2 scenarios are new",
  // "longer than the last run" if only scenarios run that have used up their time.
  std::string text() const;
};

// The time until the last scenario has ended, if each takes as long as expected and `jobs` run at the same
// time, in this order. Nothing if no time is known of any of them.
std::optional<Remaining> remaining(const ExpectedTimes& times, const std::vector<Due>& running,
                                   const std::vector<Due>& waiting, int jobs);

}  // namespace labctl::runner
