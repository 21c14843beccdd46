#pragma once

#include "doctor/finding.hpp"
#include "doctor/message.hpp"
#include "doctor/observations.hpp"
#include "doctor/summary.hpp"

#include <string_view>
#include <vector>

namespace labctl::doctor {

// The groups of the findings that a reading names, as a scope for observe().
std::vector<std::string_view> groups_of(const Reading& reading);

// What a look at these groups says about a pasted message.
struct Explanation {
  std::vector<Finding> causes;        // findings that explain the message
  std::vector<Finding> in_the_way;    // failures because of which a cause may not have been seen
  std::vector<GroupSummary> unknown;  // groups of the reading that could not be looked at in full

  bool complete() const { return in_the_way.empty() && unknown.empty(); }
};

Explanation explain(const Reading& reading, const Observations& seen);

}  // namespace labctl::doctor
