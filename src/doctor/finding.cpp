#include "doctor/finding.hpp"

#include "doctor/catalogue/groups.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>

namespace labctl::doctor {
namespace {

std::span<const Group> all_groups() {
  static const Group all[] = {
      {"machine", "what labctl needs on this machine, and what it has left there", machine_troubles()},
      {"tunnels", "between clients on this machine and the tunnel daemon", tunnel_troubles()},
      {"login", "between this machine and the sshd of a node", login_troubles()},
      {"engine", "the Docker engines of the nodes and the containers of the stack", engine_troubles()},
      {"consul", "Consul, as its clients see it through the tunnels", consul_troubles()},
      {"cluster", "what the cluster promises to its apps", cluster_troubles()},
  };
  return all;
}

}  // namespace

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    default:
      return "failure";
  }
}

std::span<const Group> groups() { return all_groups(); }

const Trouble* find_trouble(std::string_view id) {
  for (const auto& group : groups()) {
    const auto found = std::find_if(group.troubles.begin(), group.troubles.end(),
                                    [&](const Trouble& trouble) { return trouble.id == id; });
    if (found != group.troubles.end()) return &*found;
  }
  return nullptr;
}

const Trouble& trouble(std::string_view id) {
  const auto* found = find_trouble(id);
  if (found == nullptr) std::abort();
  return *found;
}

std::size_t group_of(std::string_view id) {
  const auto all = groups();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Group& group) {
    return std::any_of(group.troubles.begin(), group.troubles.end(),
                       [&](const Trouble& trouble) { return trouble.id == id; });
  });
  if (found == all.end()) std::abort();
  return static_cast<std::size_t>(found - all.begin());
}

void to_json(nlohmann::ordered_json& json, const Finding& finding) {
  const auto& kind = trouble(finding.id);
  json = {{"id", finding.id},
          {"group", groups()[group_of(finding.id)].name},
          {"severity", to_string(kind.severity)},
          {"meaning", kind.meaning},
          {"subjects", finding.subjects},
          {"evidence", finding.evidence},
          {"remedy", finding.remedy}};
}

}  // namespace labctl::doctor
