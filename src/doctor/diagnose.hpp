#pragma once

#include "doctor/finding.hpp"
#include "doctor/observations.hpp"

#include <vector>

namespace labctl::doctor {

// What is wrong, causes before consequences: something that a finding explains is not a finding of its own.
// Does no I/O. Empty if nothing is wrong.
std::vector<Finding> diagnose(const Observations& seen);

}  // namespace labctl::doctor
