#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "doctor/probes.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>

namespace labctl::doctor {
namespace {

constexpr Probe inventory_table[] = {
    {"environment", "machine consul login", environment_tasks},  // variables, /etc/hosts, users, ssh_config
    {"runtime folder", "", runtime_tasks},  // whether other users have access to the folder for sockets
    {"tunnel daemon", "", daemon_tasks},    // control socket, the daemon's status
    {"local ends", "", forward_tasks},      // as a client: file, listener, Docker's ping, Consul's leader
    {"nodes", "", node_tasks},              // our own login, and channels to the forwarded services
    {"containers of the stack", "engine consul", container_tasks},
    {"Consul's catalog and keys", "consul cluster", catalog_tasks},
    {"engines and proxies", "engine consul cluster", fact_tasks},  // also clocks, disks, the handler's watch
    {"faults of killed tests", "machine engine", fault_tasks},
};

constexpr Probe machine_table[] = {
    {"embedded labs", "machine", lab_tasks},
    {"what labs need", "", lab_host_tasks},  // of the kernel, and routes to their nodes
};

// Creates everything that probes write to, before the first probe starts.
Observations prepared(const inventory::Inventory& inventory) {
  Observations seen;
  for (const auto& forward : inventory.forwards) seen.forwards.push_back({forward, {}});
  for (const auto& [host, node] : inventory.hosts) seen.hosts[host] = inventory.node(node).address;
  for (const auto& node : inventory.nodes) {
    NodeSeen one;
    one.name = node.name;
    one.address = node.address;
    seen.nodes.push_back(std::move(one));
  }
  return seen;
}

bool wanted(const Probe& probe, const Scope& scope) {
  if (probe.groups.empty() || scope.groups.empty()) return true;
  const auto needs = split(probe.groups, ' ');
  return std::any_of(needs.begin(), needs.end(), [&](const std::string& group) {
    return std::find(scope.groups.begin(), scope.groups.end(), group) != scope.groups.end();
  });
}

void run_probes(std::span<const Probe> table, const inventory::Inventory& inventory, Observations& seen,
                Deadline deadline, const Scope& scope) {
  std::mutex mutex;
  std::vector<std::string> broken;
  std::vector<std::pair<std::string_view, ProbeTask>> tasks;
  for (const auto& probe : table) {
    if (!wanted(probe, scope)) continue;
    for (auto& task : probe.tasks(inventory, seen)) tasks.emplace_back(probe.name, std::move(task));
  }
  std::size_t ended = 0;
  {
    std::vector<std::jthread> threads;
    for (const auto& one : tasks) {
      threads.emplace_back([&] {
        try {
          one.second(deadline);
        } catch (const std::exception& error) {
          const std::lock_guard lock(mutex);
          broken.push_back(std::string(one.first) + ": " + error.what());
        }
        const std::lock_guard lock(mutex);
        ++ended;
        if (scope.progress) scope.progress(ended, tasks.size());
      });
    }
  }
  throw_if_interrupted();
  seen.broken_probes.insert(seen.broken_probes.end(), broken.begin(), broken.end());
}

}  // namespace

std::span<const Probe> probes() { return inventory_table; }
std::span<const Probe> machine_probes() { return machine_table; }

Observations observe(const inventory::Inventory& inventory, Deadline deadline, const Scope& scope) {
  auto seen = prepared(inventory);
  std::vector<Probe> all(probes().begin(), probes().end());
  all.insert(all.end(), machine_probes().begin(), machine_probes().end());
  run_probes(all, inventory, seen, deadline, scope);
  return seen;
}

Observations observe(const Error& inventory_problem, Deadline deadline) {
  Observations seen;
  seen.inventory.problem = inventory_problem;
  run_probes(machine_probes(), {}, seen, deadline, {});
  return seen;
}

}  // namespace labctl::doctor
