#pragma once

#include "base/deadline.hpp"
#include "docker/engine.hpp"
#include "lab/lab.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace labctl::lab {

// A container of the cluster stack (contract 8.1, tools/lab/stack/README.md) in the format of Docker's API.
struct ContainerPlan {
  std::string name;
  nlohmann::json body;  // of POST /containers/create
};
std::vector<ContainerPlan> stack_of(const LabInfo& lab, const LabInfo::NodeInfo& node);

// Creates the network cluster_default and starts the containers of a node.
void start_stack(docker::Engine& engine, const LabInfo& lab, const LabInfo::NodeInfo& node,
                 Deadline deadline);

// Enables the volume plugin, which is already in the node's Docker data.
void enable_plugin(docker::Engine& engine, Deadline deadline);
bool plugin_enabled(docker::Engine& engine, Deadline deadline);

extern const std::string plugin_name;
// Ports that HAProxy publishes besides HTTP; their number limits how many copies of the test service can run
// in parallel.
extern const std::vector<std::uint16_t> ssh_ports;

}  // namespace labctl::lab
