#pragma once

#include "lab/artifacts.hpp"
#include "lab/journal.hpp"
#include "lab/lab.hpp"
#include "lab/node.hpp"

#include <optional>
#include <string>

namespace labctl::lab {

// One machine of a lab: a cluster node, the hub, or a golden node.
struct Machine {
  enum class Role { core, hub, seed };
  std::string name;
  Role role = Role::core;
  std::string os;
  std::string address;
  int number = 0;                     // 0 for core1, ...; gives each Docker bridge a different address
  std::filesystem::path docker_data;  // of a golden node: where its Docker data goes
};

// Enters what the machine will create into the journal and starts it; its network namespace must exist.
RunningNode start_machine(const LabInfo& lab, const Machine& machine, const Artifacts& artifacts,
                          Journal& journal);

// The public host keys of a node that is up.
std::vector<std::string> host_keys(const RunningNode& node);

}  // namespace labctl::lab
