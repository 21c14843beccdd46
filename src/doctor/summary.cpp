#include "doctor/summary.hpp"

#include "doctor/rules/rules.hpp"

#include <algorithm>

namespace labctl::doctor {
namespace {

GroupSummary::State state_of(Severity severity) {
  switch (severity) {
    case Severity::note:
      return GroupSummary::State::note;
    case Severity::warning:
      return GroupSummary::State::warning;
    default:
      return GroupSummary::State::failure;
  }
}

std::vector<std::string> not_known(std::string_view group, const Observations& seen) {
  std::vector<std::string> lines;
  if (group == "machine") return lines;
  if (seen.inventory.problem) return {"there is no inventory to look with"};
  if (group == "engine") {
    for (const auto& node : seen.nodes) {
      if (!node.containers_known) lines.push_back(node.name + ": its engine could not be asked");
    }
  } else if (group == "consul") {
    const bool asked =
        std::any_of(seen.forwards.begin(), seen.forwards.end(),
                    [&](const ForwardSeen& forward) { return forward.is_consul() && works(seen, forward); });
    if (!asked) lines.emplace_back("Consul could not be asked");
    if (!seen.catalog.known && seen.catalog.refusal != 403 && seen.catalog.refusal != 429 &&
        !seen.catalog.problem.empty())
      lines.push_back("its catalog: " + seen.catalog.problem);
  } else if (group == "cluster") {
    for (const auto& node : seen.nodes) {
      if (!node.facts.not_known.empty()) lines.push_back(node.facts.not_known);
    }
    for (const auto* keys : {&seen.catalog.maintenance, &seen.catalog.marks}) {
      for (const auto& key : *keys) {
        if (deployment_under_way(seen.catalog, app_of_key(key)))
          lines.push_back(key + " is there, and a deployment of this app has not ended yet");
      }
    }
  }
  return lines;
}

}  // namespace

std::string_view to_string(GroupSummary::State state) {
  switch (state) {
    case GroupSummary::State::well:
      return "well";
    case GroupSummary::State::unknown:
      return "unknown";
    case GroupSummary::State::note:
      return "note";
    case GroupSummary::State::warning:
      return "warning";
    default:
      return "failure";
  }
}

std::vector<GroupSummary> summarize(const Observations& seen, const std::vector<Finding>& findings) {
  std::vector<GroupSummary> summaries;
  for (const auto& group : groups()) {
    GroupSummary one{&group, GroupSummary::State::well, not_known(group.name, seen)};
    if (!one.not_known.empty()) one.state = GroupSummary::State::unknown;
    for (const auto& finding : findings) {
      if (&groups()[group_of(finding.id)] == &group)
        one.state = std::max(one.state, state_of(finding.severity()));
    }
    summaries.push_back(std::move(one));
  }
  return summaries;
}

}  // namespace labctl::doctor
