#pragma once

#include "runner/result.hpp"

#include <string>

namespace labctl::runner {

// Why a step is red, without parts that differ between runs: the slot's mark, "sN." before a domain, dates,
// times of day, durations, hexadecimal ids, numbers of four digits and more. Two runs that are red for the
// same reason give the same text. Short numbers (an HTTP status, a count) and node names are kept. "" for a
// step that is not red.
std::string reason_of(const StepResult& step, const std::string& mark);

}  // namespace labctl::runner
