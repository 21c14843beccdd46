#pragma once

#include "base/deadline.hpp"
#include "doctor/observations.hpp"

#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace labctl::doctor {

// One thing to look at. Writes to a part of the observations that no other task writes to.
using Task = std::function<void(Deadline)>;

// A row of the probe table. `tasks` is asked once, before any task runs; the tasks of all probes then run at
// once. Probes only look: nothing on this machine or a node is changed.
struct Probe {
  std::string_view name;
  std::vector<Task> (*tasks)(const inventory::Inventory& inventory, Observations& seen);
};

// The probes of an inventory, and those that need none.
std::span<const Probe> probes();
std::span<const Probe> machine_probes();

// Runs every probe. `inventory` may be what went wrong with it. Each task has until the deadline; one that
// breaks is an observation too. Error{interrupted} on SIGINT.
Observations observe(const inventory::Inventory& inventory, Deadline deadline);
Observations observe(const Error& inventory_problem, Deadline deadline);

std::vector<Task> node_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<Task> forward_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<Task> container_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<Task> fault_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<Task> daemon_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<Task> runtime_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<Task> lab_tasks(const inventory::Inventory& inventory, Observations& seen);

// Looks at a local end as a client does, without sending anything.
LocalEndSeen::State look_at_end(const inventory::Endpoint& end, Deadline deadline);

// What keeps a folder from being ours alone; "" if nothing, or if it does not exist.
std::string folder_problem(const std::string& path);

}  // namespace labctl::doctor
