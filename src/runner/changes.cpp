#include "runner/changes.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace labctl::runner {

std::vector<ChangedStep> changes(const RunResult& run, Change change) {
  std::vector<ChangedStep> found;
  std::set<std::string> told;
  std::map<std::string, std::set<std::string>> not_run;
  for (const auto& scenario : run.scenarios) {
    for (const auto& step : scenario.steps) {
      if (step.compared.change != change) continue;
      if (step.verdict == Verdict::not_run) {
        not_run[scenario.name].insert(step.text);
        continue;
      }
      const auto phase = step.phase == Phase::should ? "" : fmt::format("{}: ", to_string(step.phase));
      auto text = scenario.name + ": " + phase + step.text;
      if (told.insert(text).second) found.push_back({scenario.name, std::move(text), &step});
    }
  }
  for (const auto& [name, shoulds] : not_run) {
    found.push_back({name, name + ": " + plural(shoulds.size(), "should") + " not run", nullptr});
  }
  if (run.comparison && run.comparison->leaked.change == change)
    found.push_back({"", "the whole run: nothing leaked", nullptr});
  return found;
}

}  // namespace labctl::runner
