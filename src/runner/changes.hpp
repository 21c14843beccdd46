#pragma once

#include "runner/result.hpp"

#include <string>
#include <vector>

namespace labctl::runner {

// A step that differs from the baseline, as a line: "new-service: have a key in the KV store", "new-service:
// given: ...", "new-service: 30 shoulds not run", "the whole run: nothing leaked".
struct ChangedStep {
  std::string scenario;  // "" for the whole run
  std::string text;
  const StepResult* step =
      nullptr;  // of the run; null where the line stands for several, and for the whole run
};

// The steps of a compared run (Baseline::compare) with this change, in the order they ran, each once however
// many attempts it had. Shoulds that were not run are one line per scenario.
std::vector<ChangedStep> changes(const RunResult& run, Change change);

}  // namespace labctl::runner
