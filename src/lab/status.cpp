#include "base/current_error.hpp"
#include "base/error.hpp"
#include "consul/client.hpp"
#include "docker/client.hpp"
#include "lab/containers.hpp"
#include "lab/lab.hpp"
#include "lab/lab_paths.hpp"
#include "lab/node.hpp"
#include "lab/parallel.hpp"
#include "lab/processes.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

namespace labctl::lab {
namespace {

constexpr auto answer_budget = std::chrono::seconds(3);

// An exception from a probe counts as the answer "no". Only an interrupt ends the command.
template <typename Probe>
void probe(Probe what) {
  try {
    what();
  } catch (...) {
    if (current_error().kind() == Kind::interrupted) throw;
  }
}

bool says_ssh(const std::string& address) {
  const Deadline deadline = Deadline::in(answer_budget);
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(22);
  ::inet_pton(AF_INET, address.c_str(), &peer.sin_addr);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0 && errno != EINPROGRESS)
    return false;
  pollfd wait{fd.get(), POLLIN, 0};
  if (::poll(&wait, 1, static_cast<int>(deadline.left().count())) <= 0) return false;
  char banner[4] = {};
  return ::recv(fd.get(), banner, sizeof banner, 0) == 4 && std::string_view(banner, 4) == "SSH-";
}

void look_at(const LabInfo& lab, NodeStatus& seen) {
  const auto pid = first_process(LabPaths(lab.name).netns(seen.node.name));
  seen.alive = pid.has_value();
  if (!pid) return;
  const auto docker = Endpoint::unix_socket(docker_socket(*pid));
  probe([&] {
    docker::Client client(docker);
    seen.docker = client.version(Deadline::in(answer_budget));
    for (const auto& container : client.containers("cluster_", Deadline::in(answer_budget))) {
      seen.containers[container.name] = container.state;
    }
  });
  probe([&] {
    docker::Engine engine(docker);
    seen.plugin = plugin_enabled(engine, Deadline::in(answer_budget));
  });
  seen.sshd = says_ssh(seen.node.address);
  probe([&] {
    consul::Client client(Endpoint{seen.node.address, 8500, {}});
    seen.consul = !client.leader(Deadline::in(answer_budget)).empty();
  });
}

}  // namespace

std::string NodeStatus::trouble() const {
  if (!alive) return "its first process has ended";
  if (docker.empty()) return "dockerd does not answer";
  for (const char* name : {"cluster_consul_1", "cluster_haproxy_1", "cluster_caddy_1"}) {
    const auto found = containers.find(name);
    if (found == containers.end()) return fmt::format("there is no {}", name);
    if (found->second != "running") return fmt::format("{} is {}", name, found->second);
  }
  if (!plugin) return "the volume plugin is not enabled";
  if (!sshd) return "no SSH server answers on port 22";
  if (!consul) return "its Consul knows no leader";
  return {};
}

std::vector<NodeStatus> status(const LabInfo& lab) {
  std::vector<NodeStatus> seen;
  for (const auto& node : lab.nodes) {
    seen.emplace_back();
    seen.back().node = node;
  }
  std::vector<NodeWork> tasks;
  for (auto& node : seen) tasks.push_back({node.node.name, [&] { look_at(lab, node); }});
  in_parallel(tasks);
  return seen;
}

}  // namespace labctl::lab
