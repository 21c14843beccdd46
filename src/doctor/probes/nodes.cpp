// Probes of the nodes: the doctor's own SSH login, channels to the forwarded services, containers of the
// stack.
#include "base/connect.hpp"
#include "docker/client.hpp"
#include "doctor/probes.hpp"
#include "doctor/probes/keys.hpp"
#include "tunnels/client.hpp"
#include "tunnels/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

namespace labctl::doctor {
namespace {

// A running node answers a TCP connection at once, even if it is busy; a login may take much longer.
constexpr std::chrono::seconds reach_time{5};

// False only if a connection times out; a refused connection is an answer too. An indirect connection and a
// name that does not resolve count as reachable, because the login reports those problems better.
bool reachable(const inventory::Node& node, Deadline deadline) {
  const auto target = tunnels::make_target(node);
  if (!target.direct()) return true;
  return connect_tcp(target.host, target.port, deadline.at_most(reach_time)) != ETIMEDOUT;
}

void look(const inventory::Node& node, const Endpoint& docker, NodeSeen& seen, Deadline deadline) {
  if (!reachable(node, deadline)) {
    seen.dropped = true;
    seen.login.emplace(ssh::Cause::no_answer,
                       fmt::format("no answer from {} within {} s", node.address, reach_time.count()),
                       node.name, "is the node up, and reachable from here?");
    return;
  }
  const auto result = tunnels::probe(node, docker, deadline);
  seen.login = result.login;
  seen.docker = result.channel;
  if (seen.login) look_at_keys(node, seen, deadline);
}

// Uses a separate login; look() reports a failed login.
void look_at_consul(const inventory::Node& node, const Endpoint& consul, NodeSeen& seen, Deadline deadline) {
  if (!reachable(node, deadline)) return;
  const auto result = tunnels::probe(node, consul, deadline);
  if (!result.login) seen.consul = result.channel;
}

void look_at_containers(const inventory::Inventory& inventory, const ForwardSeen& forward, NodeSeen& seen,
                        Deadline deadline) {
  const auto& end = forward.forward.local;
  if (look_at_end(end, deadline) != LocalEndSeen::State::accepts) return;
  try {
    docker::Client docker(end);
    const auto& conventions = inventory.cluster;
    for (const auto& name :
         {conventions.consul_container, conventions.haproxy_container, conventions.caddy_container}) {
      const auto container = docker.container(name, deadline);
      seen.containers[name] = container ? container->state : "absent";
    }
    seen.containers_known = true;
  } catch (const Error&) {
    // The probe of the local end reports an engine that does not answer.
    seen.containers.clear();
  }
}

}  // namespace

std::vector<ProbeTask> node_tasks(const inventory::Inventory& inventory, Observations& seen) {
  std::vector<ProbeTask> tasks;
  const auto& consul = inventory.consul();
  for (auto& one : seen.nodes) {
    const auto& node = inventory.node(one.name);
    tasks.push_back([&one, node, remote = inventory.docker(one.name).remote](Deadline deadline) {
      look(node, remote, one, deadline);
    });
    if (std::find(consul.via.begin(), consul.via.end(), one.name) == consul.via.end()) continue;
    tasks.push_back([&one, node, remote = consul.remote](Deadline deadline) {
      look_at_consul(node, remote, one, deadline);
    });
  }
  return tasks;
}

std::vector<ProbeTask> container_tasks(const inventory::Inventory& inventory, Observations& seen) {
  std::vector<ProbeTask> tasks;
  for (auto& one : seen.nodes) {
    for (const auto& forward : seen.forwards) {
      if (!forward.forward.is_docker_of(one.name)) continue;
      tasks.push_back([&one, &forward, &inventory](Deadline deadline) {
        look_at_containers(inventory, forward, one, deadline);
      });
    }
  }
  return tasks;
}

}  // namespace labctl::doctor
