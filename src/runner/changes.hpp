#pragma once

#include "runner/result.hpp"

#include <string>
#include <vector>

namespace labctl::runner {

// A step that differs from the baseline, as one line: "new-service: have a key in the KV store",
// "new-service: given: ...", "new-service: 30 shoulds not run", "the whole run: nothing leaked".
struct ChangedStep {
  std::string scenario;  // "" for the whole run
  std::string text;
  const StepResult* step =
      nullptr;  // of the run; null if the line stands for several steps or for the whole run
};

// The steps of a compared run (Baseline::compare) with this change, in the order they ran, each once for all
// attempts. Shoulds that were not run share one line per scenario.
std::vector<ChangedStep> changes(const RunResult& run, Change change);

}  // namespace labctl::runner
