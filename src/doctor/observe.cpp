#include "base/interrupt.hpp"
#include "doctor/probes.hpp"

#include <exception>
#include <mutex>
#include <thread>

namespace labctl::doctor {
namespace {

constexpr Probe inventory_table[] = {
    {"runtime folder", runtime_tasks},  // whether other users have access to the folder for sockets
    {"tunnel daemon", daemon_tasks},    // control socket, the daemon's status
    {"local ends", forward_tasks},      // as a client: file, listener, Docker's ping, Consul's leader
    {"nodes", node_tasks},              // our own login, and channels to the forwarded services
    {"containers of the stack", container_tasks},
    {"faults of killed tests", fault_tasks},
};

constexpr Probe machine_table[] = {
    {"embedded labs", lab_tasks},
};

// Creates everything that probes write to, before the first probe starts.
Observations prepared(const inventory::Inventory& inventory) {
  Observations seen;
  for (const auto& forward : inventory.forwards) seen.forwards.push_back({forward, {}});
  for (const auto& node : inventory.nodes) {
    NodeSeen one;
    one.name = node.name;
    seen.nodes.push_back(std::move(one));
  }
  return seen;
}

void run_probes(std::span<const Probe> table, const inventory::Inventory& inventory, Observations& seen,
                Deadline deadline) {
  std::mutex mutex;
  std::vector<std::string> broken;
  {
    std::vector<std::jthread> threads;
    for (const auto& probe : table) {
      for (auto& task : probe.tasks(inventory, seen)) {
        threads.emplace_back([&, name = probe.name, task = std::move(task)] {
          try {
            task(deadline);
          } catch (const std::exception& error) {
            const std::lock_guard lock(mutex);
            broken.push_back(std::string(name) + ": " + error.what());
          }
        });
      }
    }
  }
  throw_if_interrupted();
  seen.broken_probes.insert(seen.broken_probes.end(), broken.begin(), broken.end());
}

}  // namespace

std::span<const Probe> probes() { return inventory_table; }
std::span<const Probe> machine_probes() { return machine_table; }

Observations observe(const inventory::Inventory& inventory, Deadline deadline) {
  auto seen = prepared(inventory);
  std::vector<Probe> all(probes().begin(), probes().end());
  all.insert(all.end(), machine_probes().begin(), machine_probes().end());
  run_probes(all, inventory, seen, deadline);
  return seen;
}

Observations observe(const Error& inventory_problem, Deadline deadline) {
  Observations seen;
  seen.inventory.problem = inventory_problem;
  run_probes(machine_probes(), {}, seen, deadline);
  return seen;
}

}  // namespace labctl::doctor
