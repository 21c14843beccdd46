#pragma once

#include "doctor/finding.hpp"
#include "doctor/observations.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace labctl::doctor {

// What came out for one group of the catalogue.
struct GroupSummary {
  enum class State { well, unknown, note, warning, failure };

  const Group* group = nullptr;
  State state = State::well;           // unknown: nothing was found, and not everything could be looked at
  std::vector<std::string> not_known;  // what could not be looked at, and why
};

std::string_view to_string(GroupSummary::State state);

// One for each of groups(), in that order.
std::vector<GroupSummary> summarize(const Observations& seen, const std::vector<Finding>& findings);

}  // namespace labctl::doctor
