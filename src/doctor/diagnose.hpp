#pragma once

#include "doctor/finding.hpp"
#include "doctor/observations.hpp"

#include <vector>

namespace labctl::doctor {

// All findings, causes before consequences: a consequence of a finding is not a separate finding. Does no
// I/O. Empty if there are none.
std::vector<Finding> diagnose(const Observations& seen);

}  // namespace labctl::doctor
