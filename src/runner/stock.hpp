#pragma once

#include <set>
#include <string>
#include <vector>

// The leak audit: what exists on a cluster after a scenario but not before the run. Decisions only.
namespace labctl::runner {

// Everything on a cluster that a scenario could leave behind, one line each, such as "volume P_dbdata on
// core1". The line of an app's object contains the app's project or name, and so the mark of its slot.
struct StockLines {
  std::set<std::string> things;
  std::vector<std::string> errors;  // failed looks, and why
};

class Audit {
public:
  // `tag`: the prefix of the marks of all slots of the run; empty: plain slots.
  Audit(StockLines before, std::string tag);

  // New things since the start of the run that are attributed to the scenario with this mark: those with its
  // mark, never those with another mark; the rest only if nothing else ran in parallel at any time. Each
  // thing is reported once.
  std::vector<std::string> leaked_by(const std::string& mark, bool ran_alone, const StockLines& now);
  // All new things that were not reported yet: for the end of the run.
  std::vector<std::string> leaked(const StockLines& now);

private:
  std::set<std::string> known_;
  std::string tag_;
};

}  // namespace labctl::runner
