#pragma once

#include "runner/result.hpp"

#include <string>

namespace labctl::runner {

// Why a step is red, without what differs from run to run and says nothing: the slot's mark, "sN." before a
// domain, dates, times of day, durations, ids in hexadecimal, numbers of four digits and more. Two runs that
// are red for the same reason give the same text; short numbers (an HTTP status, a count) stay, and so do
// names of nodes. "" for a step that is not red.
std::string reason_of(const StepResult& step, const std::string& mark);

}  // namespace labctl::runner
