#pragma once

#include <set>
#include <string>
#include <vector>

// The leak audit: what a cluster has after a scenario and had not before the run. Decisions only.
namespace labctl::runner {

// Everything a cluster has that a scenario could leave behind, a line each, such as "volume P_dbdata on
// core1". What belongs to an app has the app's project or name in it, hence the mark of its slot.
struct Stock {
  std::set<std::string> things;
  std::vector<std::string> errors;  // what could not be looked at, and why
};

class Audit {
public:
  // `tag`: what the marks of all slots of the run begin with; empty: plain slots.
  Audit(Stock before, std::string tag);

  // What is new since the run began and a scenario with this mark is to be blamed for: what has its mark,
  // never what has another's; the rest only if nothing else ran at any time beside it. Each thing is told
  // once.
  std::vector<std::string> leaked_by(const std::string& mark, bool ran_alone, const Stock& now);
  // What is new and was not told yet, whosever it is: for the end of the run.
  std::vector<std::string> leaked(const Stock& now);

private:
  std::set<std::string> known_;
  std::string tag_;
};

}  // namespace labctl::runner
