#include "doctor/explanation.hpp"

#include "doctor/diagnose.hpp"

#include <algorithm>

namespace labctl::doctor {
namespace {

bool has(const std::vector<std::string_view>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

std::vector<std::string_view> groups_of(const Reading& reading) {
  std::vector<std::string_view> names;
  for (const auto& id : reading.findings) {
    if (const auto name = groups()[group_of(id)].name; !has(names, name)) names.push_back(name);
  }
  return names;
}

Explanation explain(const Reading& reading, const Observations& seen) {
  Explanation explanation;
  const auto asked = groups_of(reading);
  const auto findings = diagnose(seen);
  for (auto& summary : summarize(seen, findings)) {
    if (has(asked, summary.group->name) && !summary.not_known.empty())
      explanation.unknown.push_back(std::move(summary));
  }
  // A node without a login shows neither its host key nor why another client's key is refused. Without a look
  // behind the tunnels, whatever is wrong before their end may be the reason.
  const bool behind = !explanation.unknown.empty();
  for (const auto& finding : findings) {
    const auto group = groups()[group_of(finding.id)].name;
    const bool hides = behind || (group == "login" && has(asked, "login"));
    if (has(reading.findings, finding.id)) {
      explanation.causes.push_back(finding);
    } else if (hides && finding.severity() == Severity::failure) {
      explanation.in_the_way.push_back(finding);
    }
  }
  return explanation;
}

}  // namespace labctl::doctor
