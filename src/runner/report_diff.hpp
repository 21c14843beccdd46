#pragma once

#include "runner/result.hpp"

#include <string>

// The output of `labctl report diff A B`: two runs side by side. `b` must have been compared with `a`
// (Baseline::compare, which defines the terms). Times are those of whole scenarios, the mean of several
// attempts; a ratio is B's time divided by A's.
namespace labctl::runner {

// A row for every scenario of either run with verdicts and times, then every step that differs, with evidence
// for new reds and for known reds with different evidence.
std::string diff_text(const RunResult& a, const RunResult& b, const std::string& name_of_b);

// The same as one JSON object:
//   a, b        {started, labctl, milliseconds, interrupted, environment}
//   scenarios   [{name, a, b, ratio}]: a and b are {outcome, milliseconds, attempts} or null, ratio is null without both
//   changes     [{change, scenario, attempt, phase, text, verdict, remark?}], also known reds that are as they were
//   gone [text]; leaked: the change of what the whole run leaked, or ""; new_red, known_red, mended, new: counts
std::string diff_json(const RunResult& a, const RunResult& b);

}  // namespace labctl::runner
