#include "doctor/rules/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace labctl::doctor {
namespace {

bool is_stopped_on_purpose(const Observations& seen, const std::string& node, const std::string& container) {
  const cluster::Fault stopped = cluster::StoppedContainer{node, container};
  return std::any_of(seen.faults.begin(), seen.faults.end(),
                     [&](const auto& left) { return left.fault == stopped; });
}

}  // namespace

void judge_docker(const Observations& seen, Diagnosis& to) {
  for (const auto& node : seen.nodes) {
    if (to.node_explained(node.name)) continue;
    const auto forward = std::find_if(seen.forwards.begin(), seen.forwards.end(), [&](const ForwardSeen& f) {
      return f.forward.is_docker_of(node.name);
    });
    if (forward == seen.forwards.end()) continue;
    if (node.docker && !works(seen, *forward)) {
      auto evidence = complaints(seen, *forward);
      evidence.insert(evidence.begin(), node.docker->line());
      const bool denied = node.docker->cause() == ssh::Cause::target_denied;
      to.add(denied ? "docker-not-permitted" : "docker-down", node.name, evidence);
      to.explain_forward(forward->forward.name);
    } else if (!to.forward_explained(forward->forward) && !works(seen, *forward)) {
      // If the local end accepts connections but there is no valid answer, the tunnel is fine and the engine
      // is not.
      const bool engine = forward->end.state == LocalEndSeen::State::accepts && forward->end.no_answer;
      to.add(engine ? "docker-down" : "forward-down", engine ? node.name : forward->forward.name,
             complaints(seen, *forward));
      to.explain_forward(forward->forward.name);
    }
  }
}

void judge_volume_driver(const Observations& seen, Diagnosis& to) {
  for (const auto& node : seen.nodes) {
    const auto& driver = node.facts.volume_driver;
    if (to.node_explained(node.name) || !driver || driver->empty()) continue;
    to.add("volume-plugin-off", node.name, {fmt::format("{}: {}", node.name, *driver)});
  }
}

void judge_containers(const Observations& seen, Diagnosis& to) {
  for (const auto& node : seen.nodes) {
    if (!node.containers_known) continue;
    for (const auto& [name, state] : node.containers) {
      const bool consul = name.find("consul") != std::string::npos;
      if (state == "running" || (consul && to.consul_containers_explained())) continue;
      if (is_stopped_on_purpose(seen, node.name, name)) continue;
      to.add(state == "restarting" ? "container-restarting" : "container-not-running", node.name,
             {fmt::format("{} on {} is {}", name, node.name, state)});
    }
  }
}

}  // namespace labctl::doctor
