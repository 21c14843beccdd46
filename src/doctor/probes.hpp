#pragma once

#include "base/deadline.hpp"
#include "base/endpoint.hpp"
#include "doctor/observations.hpp"

#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace labctl::doctor {

// One look. Writes to a part of the observations that no other task writes to.
using ProbeTask = std::function<void(Deadline)>;

// A row of the probe table. `tasks` is called once, before any task runs; then the tasks of all probes run in
// parallel. Probes only read: they change nothing on this machine or a node.
struct Probe {
  std::string_view name;
  std::string_view groups;  // of findings that need it; "": all findings
  std::vector<ProbeTask> (*tasks)(const inventory::Inventory& inventory, Observations& seen);
};

// What observe() looks at, and who is told.
struct Scope {
  std::vector<std::string_view> groups;  // only what findings of these groups need; empty: everything
  // Called, in any thread but one at a time, when a task has ended.
  std::function<void(std::size_t ended, std::size_t all)> progress;
};

// The probes that need an inventory, and those that do not.
std::span<const Probe> probes();
std::span<const Probe> machine_probes();

// Runs every probe. The second form is for an inventory that could not be loaded. Each task has until the
// deadline; a failed task is an observation too. Error{interrupted} on SIGINT.
Observations observe(const inventory::Inventory& inventory, Deadline deadline, const Scope& scope = {});
Observations observe(const Error& inventory_problem, Deadline deadline);

std::vector<ProbeTask> environment_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<ProbeTask> node_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<ProbeTask> forward_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<ProbeTask> container_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<ProbeTask> catalog_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<ProbeTask> fact_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<ProbeTask> fault_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<ProbeTask> daemon_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<ProbeTask> runtime_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<ProbeTask> lab_host_tasks(const inventory::Inventory& inventory, Observations& seen);
std::vector<ProbeTask> lab_tasks(const inventory::Inventory& inventory, Observations& seen);

// Connects to a local end like a client, without sending anything.
LocalEndSeen::State look_at_end(const Endpoint& end, Deadline deadline);

// The lines of a hosts file. `inventory` names the block that is ours.
std::vector<HostsEntry> read_hosts(std::string_view text, const std::string& inventory);
// The accounts of a passwd file that can log in, except `uid` and those of services.
std::vector<std::string> people_in(std::string_view passwd, unsigned uid);

// Why other users have access to a folder; "" if they have not, or if it does not exist.
std::string folder_problem(const std::string& path);

}  // namespace labctl::doctor
