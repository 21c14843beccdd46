// Probes of this machine: runtime folder, tunnel daemon, local ends, journals of faults, embedded labs.
#include "base/connect.hpp"
#include "base/paths.hpp"
#include "consul/client.hpp"
#include "docker/client.hpp"
#include "doctor/probes.hpp"
#include "lab/lab.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

namespace labctl::doctor {
namespace {

using State = LocalEndSeen::State;

// A healthy engine or agent answers at once; this is the limit on a busy machine.
constexpr std::chrono::seconds answer_time{8};

void ask(ForwardSeen& forward, ConsulSeen& consul_seen, const Secret& token, Deadline deadline) {
  const auto& server = forward.forward.local;
  try {
    if (forward.is_docker()) docker::Client(server).ping(deadline);
    if (!forward.is_consul()) return;
    consul::Client consul(server, token);
    consul_seen.leader = consul.leader(deadline);
    for (const auto& member : consul.members(deadline)) {
      if (!member.alive) consul_seen.failed_members.push_back(member.name);
    }
  } catch (const Error& error) {
    forward.end.no_answer = error;
  }
}

}  // namespace

State look_at_end(const Endpoint& end, Deadline deadline) {
  const bool unix_socket = end.is_unix_socket();
  if (unix_socket) {
    struct stat found {};
    if (::lstat(end.path.c_str(), &found) != 0)
      return errno == EACCES ? State::not_permitted : State::missing;
    if (!S_ISSOCK(found.st_mode)) return State::foreign_file;
  }
  switch (unix_socket ? connect_unix(end.path, deadline)
                      : connect_tcp(end.host, end.port, deadline).value_or(EHOSTUNREACH)) {
    case 0:
    case EAGAIN:
      return State::accepts;  // EAGAIN: the backlog is full, so a process listens
    case EACCES:
      return State::not_permitted;
    default:
      return State::nobody_listens;
  }
}

std::vector<ProbeTask> forward_tasks(const inventory::Inventory& inventory, Observations& seen) {
  std::vector<ProbeTask> tasks;
  for (auto& forward : seen.forwards) {
    if (!forward.listens_here()) continue;
    tasks.push_back([&forward, &seen, token = inventory.consul_token](Deadline deadline) {
      forward.end.state = look_at_end(forward.forward.local, deadline);
      if (forward.end.state == State::accepts)
        ask(forward, seen.consul, token, deadline.at_most(answer_time));
    });
  }
  return tasks;
}

std::string folder_problem(const std::string& path) {
  try {
    if (std::filesystem::exists(std::filesystem::symlink_status(path))) require_private_dir(path);
    return {};
  } catch (const Error& error) {
    return error.line();
  }
}

std::vector<ProbeTask> runtime_tasks(const inventory::Inventory& inventory, Observations& seen) {
  return {[&seen, name = inventory.name](Deadline) {
    for (const auto& folder : {runtime_dir(), runtime_dir() / name}) {
      if (!seen.runtime.problem.empty()) break;
      seen.runtime.path = folder.string();
      seen.runtime.problem = folder_problem(folder.string());
    }
  }};
}

std::vector<ProbeTask> fault_tasks(const inventory::Inventory& inventory, Observations& seen) {
  return {[&seen, end = inventory.consul().local, token = inventory.consul_token](Deadline deadline) {
    seen.faults = cluster::left_faults(
        [&] { return consul::Client(end, token).node_ids(deadline.at_most(answer_time)); });
  }};
}

std::vector<ProbeTask> lab_tasks(const inventory::Inventory&, Observations& seen) {
  return {[&seen](Deadline) {
    for (const auto& lab : lab::all()) {
      if (!lab.up) seen.labs.push_back({lab.name, lab::leftovers(lab.name)});
    }
  }};
}

}  // namespace labctl::doctor
