#include "base/text.hpp"
#include "doctor/rules/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace labctl::doctor {
namespace {

std::vector<std::string> stopped_consuls(const Observations& seen) {
  std::vector<std::string> lines;
  for (const auto& node : seen.nodes) {
    for (const auto& [name, state] : node.containers) {
      if (name.find("consul") != std::string::npos && state != "running")
        lines.push_back(fmt::format("{} on {} is {}", name, node.name, state));
    }
  }
  return lines;
}

}  // namespace

void judge_refusals(const Observations& seen, Diagnosis& to) {
  const bool acl = seen.catalog.refusal == 403;
  if (!acl && seen.catalog.refusal != 429) return;
  to.add(acl ? "consul-acl" : "consul-too-many", "consul", {seen.catalog.problem});
  for (const auto& forward : seen.forwards) {
    if (forward.is_consul()) to.explain_forward(forward.forward.name);
  }
}

void judge_consul(const Observations& seen, Diagnosis& to) {
  const auto forward = std::find_if(seen.forwards.begin(), seen.forwards.end(),
                                    [](const ForwardSeen& f) { return f.is_consul(); });
  if (forward == seen.forwards.end()) return;
  std::vector<std::string> closed;  // errors of the nodes through which Consul cannot be reached
  std::size_t ways = 0;
  for (const auto& node : seen.nodes) {
    if (to.node_explained(node.name)) continue;
    ++ways;
    if (node.consul) closed.push_back(node.consul->line());
  }
  const auto* status = status_of(seen, forward->forward.name);
  // The daemon's last error is older than the doctor's own probe. If the probe reached no Consul through any
  // node, the problem is not a missing leader.
  const bool daemon_says_leaderless = closed.size() < ways && status != nullptr &&
                                      status->state != tunnels::ForwardState::up && status->last_error &&
                                      status->last_error->cause == ssh::to_string(ssh::Cause::bad_answer);
  const bool asked = forward->end.state == LocalEndSeen::State::accepts;
  const bool answers_leaderless =
      asked && (forward->end.no_answer ? forward->end.no_answer->kind() == Kind::unavailable
                                       : seen.consul.leader.empty());

  const auto report = [&](std::string_view id, const std::string& subject,
                          std::vector<std::string> evidence) {
    for (auto& line : complaints(seen, *forward)) evidence.push_back(std::move(line));
    evidence.insert(evidence.end(), closed.begin(), closed.end());
    for (auto& line : stopped_consuls(seen)) evidence.push_back(std::move(line));
    to.add(id, subject, evidence);
    to.explain_forward(forward->forward.name);
    to.explain_consul_containers();
  };
  if (to.forward_explained(forward->forward)) return;
  if (answers_leaderless || daemon_says_leaderless) {
    const bool empty = asked && !forward->end.no_answer;
    report(
        "consul-no-leader", "consul",
        empty ? std::vector<std::string>{end_of(*forward) + " names no leader"} : std::vector<std::string>{});
  } else if (!works(seen, *forward)) {
    report("consul-forward-down", "consul", {});
  } else {
    for (const auto& node : seen.nodes) {
      if (!node.consul || to.node_explained(node.name)) continue;
      to.add("consul-agent-down", node.name, {node.consul->line()});
      to.explain_consul_containers();
    }
    for (const auto& member : seen.consul.failed_members) {
      if (!to.node_explained(member) && !to.consul_containers_explained())
        to.add("consul-member-failed", member, {"consul: member " + member + " is not alive"});
    }
  }
}

void judge_catalog(const Observations& seen, Diagnosis& to) {
  const auto& known = seen.catalog.nodes;
  if (!seen.catalog.known || known.empty()) return;
  for (const auto& node : seen.nodes) {
    if (to.node_explained(node.name)) continue;
    const auto& host = node.facts.host_name;
    const bool listed = known.contains(node.name);
    const auto same_address = std::find_if(known.begin(), known.end(), [&](const auto& entry) {
      return entry.second == node.address && entry.first != node.name;
    });
    if (!host.empty() && host != node.name && (listed || known.contains(host))) {
      to.add("node-name-differs", node.name,
             {fmt::format("the inventory says {}, its host is called {}", node.name, host)});
    } else if (!listed && same_address != known.end()) {
      to.add("node-name-differs", node.name,
             {fmt::format("the inventory says {}, Consul calls the node at {} {}", node.name, node.address,
                          same_address->first)});
    } else if (!listed) {
      std::vector<std::string> names;
      for (const auto& [name, address] : known) names.push_back(name);
      to.add("consul-node-missing", node.name, {"Consul's catalog has " + join(names, ", ")});
    }
  }
}

}  // namespace labctl::doctor
