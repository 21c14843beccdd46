#pragma once

#include "base/endpoint.hpp"
#include "inventory/inventory.hpp"
#include "ssh/target.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace labctl::tunnels {

// How a forward is checked.
enum class ForwardCheck {
  open,           // a channel to the remote end opens; local forwards only
  consul_leader,  // GET /v1/status/leader names a leader
  docker_ping,    // GET /_ping says OK
};

struct PlannedForward {
  std::string name;
  std::vector<std::string> via;
  Endpoint local;
  Endpoint remote;
  ForwardCheck check = ForwardCheck::open;
  inventory::Forward::Direction direction = inventory::Forward::Direction::local;
  std::map<std::string, std::string>
      hosts;  // dynamic: name -> address, for names that the node need not know

  bool operator==(const PlannedForward&) const = default;
};

// The remote end; "" for a dynamic forward, which has none.
std::string remote_text(const PlannedForward& forward);

// Everything that a daemon needs, so that it reads neither inventory nor ~/.ssh/config itself.
struct Plan {
  std::string inventory;  // its name
  std::string source;     // its file, for messages
  std::vector<ssh::Target> nodes;
  std::vector<PlannedForward> forwards;

  bool operator==(const Plan&) const = default;

  // True if this plan has every node and forward of `other`, with equal values except the agents.
  bool covers(const Plan& other) const;
};

// The effective login of a node: the inventory's values, else ~/.ssh/config, else OpenSSH's defaults.
ssh::Target make_target(const inventory::Node& node);

// All of the inventory, or only the named nodes and the forwards through them.
// Error{not_found} for a node that the inventory does not have.
Plan make_plan(const inventory::Inventory& inventory, const std::vector<std::string>& only_nodes = {});

void to_json(nlohmann::json& json, const Plan& plan);
void from_json(const nlohmann::json& json, Plan& plan);

}  // namespace labctl::tunnels
