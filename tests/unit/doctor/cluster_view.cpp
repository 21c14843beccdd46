#include "cluster_view.hpp"

#include <algorithm>

namespace labctl::doctor::view {
namespace {

using tunnels::ForwardState;

const std::string yaml =
    "version: 1\nnodes: {core1: {address: 10.0.0.1}, core2: {address: 10.0.0.2}, core3: {address: 10.0.0.3}, "
    "core4: {address: 10.0.0.4}}\n"
    "consul: {via: [core1, core2]}\ndocker: {local: \"/run/t/docker_{node}.sock\"}\n"
    "forwards: [{name: web, via: core4, remote: \"localhost:80\", local: \"127.0.0.1:8080\"}]\n";

}  // namespace

Observations healthy() {
  Observations seen;
  const auto inventory = inventory::parse(yaml, "inv.yaml");
  seen.runtime.path = "/run/t";
  seen.daemon.state = DaemonSeen::State::running;
  seen.daemon.status.emplace();
  seen.daemon.status->pid = 42;
  for (const auto& forward : inventory.forwards) {
    seen.forwards.push_back({forward, {LocalEndSeen::State::accepts, {}}});
    tunnels::ForwardStatus status;
    status.name = forward.name;
    status.state = ForwardState::up;
    seen.daemon.status->forwards.push_back(status);
  }
  for (const auto& node : inventory.nodes) {
    NodeSeen one;
    one.name = node.name;
    one.address = node.address;
    seen.catalog.nodes[node.name] = node.address;
    one.facts.host_name = node.name;
    one.facts.volume_driver = "";
    one.facts.watches = 1;
    one.facts.clock = ClockSeen{-0.4, 0.1};
    one.facts.disks = {{"/", 1e12, 5e11, 1e6, 9e5}};
    one.facts.proxies.haproxy_file_age = 100;
    one.facts.proxies.haproxy_process_age = 99;
    one.facts.proxies.caddy.file_age = 100;
    one.containers = {
        {"cluster_consul_1", "running"}, {"cluster_haproxy_1", "running"}, {"cluster_caddy_1", "running"}};
    one.containers_known = true;
    seen.nodes.push_back(one);
  }
  seen.catalog.known = true;
  seen.hosts = {{"service.lab", "10.0.0.4"}};
  seen.consul.leader = "10.0.0.1:8300";
  return seen;
}

ForwardSeen& forward(Observations& seen, const std::string& name) {
  return *std::find_if(seen.forwards.begin(), seen.forwards.end(),
                       [&](auto& f) { return f.forward.name == name; });
}

tunnels::ForwardStatus& status(Observations& seen, const std::string& name) {
  auto& all = seen.daemon.status->forwards;
  return *std::find_if(all.begin(), all.end(), [&](auto& f) { return f.name == name; });
}

NodeSeen& node(Observations& seen, const std::string& name) {
  return *std::find_if(seen.nodes.begin(), seen.nodes.end(), [&](auto& n) { return n.name == name; });
}

void bring_down(Observations& seen, const std::string& name, ssh::Cause cause, const std::string& words) {
  auto& one = status(seen, name);
  one.state = ForwardState::down;
  one.last_error = tunnels::Problem::of(ssh::Failure(cause, words, name));
  auto& end = forward(seen, name).end;
  end.state = !forward(seen, name).forward.local.is_unix_socket() ? LocalEndSeen::State::nobody_listens
                                                                  : LocalEndSeen::State::missing;
}

void make_remote(Observations& seen, const std::string& name) {
  auto& one = forward(seen, name);
  one.forward.direction = inventory::Forward::Direction::remote;
  one.forward.local = Endpoint::unix_socket("/home/me/server.sock");
  one.end = {};
}

void stop_daemon(Observations& seen, LocalEndSeen::State sockets) {
  seen.daemon = {};
  for (auto& one : seen.forwards) {
    one.end.state = !one.forward.local.is_unix_socket() ? LocalEndSeen::State::nobody_listens : sockets;
  }
  seen.consul = {};
  for (auto& one : seen.nodes) one.containers_known = false;
}

void lose(Observations& seen, const std::string& name, ssh::Cause cause) {
  node(seen, name).login.emplace(cause, "cannot log in", name);
  bring_down(seen, "docker_" + name, cause == ssh::Cause::no_answer ? ssh::Cause::lost : cause,
             "session lost");
  node(seen, name).containers_known = false;
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto& group :
       {machine_cases(), tunnel_cases(), login_cases(), engine_cases(), consul_cases(), cluster_cases()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace labctl::doctor::view
