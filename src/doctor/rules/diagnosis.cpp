#include "doctor/rules/diagnosis.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace labctl::doctor {

void Diagnosis::add(std::string_view id, const std::string& subject, std::vector<std::string> evidence) {
  auto found = std::find_if(findings_.begin(), findings_.end(), [&](const Finding& f) { return f.id == id; });
  if (found == findings_.end()) found = findings_.insert(found, Finding{std::string(id), {}, {}, {}});
  if (std::find(found->subjects.begin(), found->subjects.end(), subject) == found->subjects.end())
    found->subjects.push_back(subject);
  for (auto& line : evidence) {
    if (std::find(found->evidence.begin(), found->evidence.end(), line) == found->evidence.end())
      found->evidence.push_back(std::move(line));
  }
}

bool Diagnosis::forward_explained(const inventory::Forward& forward) const {
  return forwards_.contains(forward.name) ||
         std::all_of(forward.via.begin(), forward.via.end(),
                     [&](const auto& node) { return nodes_.contains(node); });
}

std::vector<Finding> Diagnosis::take() {
  for (auto& finding : findings_) {
    finding.remedy = replace_all(trouble(finding.id).remedy, "{}", join(finding.subjects, ", "));
  }
  std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& one, const Finding& other) {
    return group_of(one.id) < group_of(other.id);
  });
  return std::move(findings_);
}

const tunnels::ForwardStatus* status_of(const Observations& seen, const std::string& forward) {
  if (!seen.daemon.status) return nullptr;
  for (const auto& status : seen.daemon.status->forwards) {
    if (status.name == forward) return &status;
  }
  return nullptr;
}

std::string end_of(const ForwardSeen& forward) { return to_string(forward.forward.local); }

bool running(const Observations& seen) { return seen.daemon.state == DaemonSeen::State::running; }

bool works(const Observations& seen, const ForwardSeen& forward) {
  const auto* status = status_of(seen, forward.forward.name);
  if (status != nullptr && status->state == tunnels::ForwardState::down) return false;
  if (!forward.listens_here()) return status != nullptr && status->state == tunnels::ForwardState::up;
  return forward.end.state == LocalEndSeen::State::accepts && !forward.end.no_answer;
}

bool docker_works(const Observations& seen, const std::string& node) {
  return std::any_of(seen.forwards.begin(), seen.forwards.end(), [&](const ForwardSeen& forward) {
    return forward.forward.is_docker_of(node) && works(seen, forward);
  });
}

std::vector<std::string> complaints(const Observations& seen, const ForwardSeen& forward) {
  std::vector<std::string> lines;
  const auto* status = status_of(seen, forward.forward.name);
  if (forward.end.no_answer) lines.push_back(forward.end.no_answer->line());
  if (forward.end.state == LocalEndSeen::State::nobody_listens)
    lines.push_back(end_of(forward) + ": no process listens");
  if (status != nullptr && status->state != tunnels::ForwardState::up && status->last_error)
    lines.push_back("daemon: " + status->last_error->line());
  return lines;
}

}  // namespace labctl::doctor
