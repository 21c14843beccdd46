#include "tunnels/plan.hpp"

#include "inventory/direction_json.hpp"
#include "tunnels/node_login.hpp"
#include "tunnels/socks.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>

namespace labctl::ssh {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AlgorithmChoice, ciphers, key_exchanges, macs, host_keys,
                                   authority_signatures)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Target, name, host, address_family, port, user, identities, certificates,
                                   identity_required, identities_only, agent_socket, passphrase_agent,
                                   batch_mode, known_hosts, host_key_alias, algorithms, bind_address,
                                   bind_interface, connect_timeout, connection_attempts, alive_interval,
                                   alive_count, proxy_command, jumps)

}  // namespace labctl::ssh

namespace labctl::tunnels {
namespace {

ForwardCheck check_of(inventory::Forward::Kind kind) {
  switch (kind) {
    case inventory::Forward::Kind::consul:
      return ForwardCheck::consul_leader;
    case inventory::Forward::Kind::docker:
      return ForwardCheck::docker_ping;
    case inventory::Forward::Kind::other:
      break;
  }
  return ForwardCheck::open;
}

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

template <typename Item, typename Same = std::equal_to<>>
bool all_in(const std::vector<Item>& some, const std::vector<Item>& all, Same same = {}) {
  return std::all_of(some.begin(), some.end(), [&](const Item& item) {
    return std::any_of(all.begin(), all.end(), [&](const Item& other) { return same(item, other); });
  });
}

// The address of each of the inventory's hosts: that of its node, as the node itself is reached.
std::map<std::string, std::string> addresses(const inventory::Inventory& inventory) {
  std::map<std::string, std::string> result;
  for (const auto& [host, node] : inventory.hosts)
    result[plain_host(host)] = make_target(inventory.node(node)).host;
  return result;
}

}  // namespace

bool Plan::covers(const Plan& other) const {
  if (inventory != other.inventory || !all_in(other.nodes, nodes, ssh::same_but_for_agents)) return false;
  return std::all_of(other.forwards.begin(), other.forwards.end(), [&](const PlannedForward& wanted) {
    // A plan for some of the nodes lists fewer nodes in `via`; otherwise its forward must be equal.
    return std::any_of(forwards.begin(), forwards.end(), [&](PlannedForward ours) {
      const bool ways = all_in(wanted.via, ours.via);
      ours.via = wanted.via;
      return ways && ours == wanted;
    });
  });
}

std::string remote_text(const PlannedForward& forward) {
  return forward.direction == inventory::Forward::Direction::dynamic ? "" : to_string(forward.remote);
}

ssh::Target make_target(const inventory::Node& node) { return resolve_login(node).target; }

Plan make_plan(const inventory::Inventory& inventory, const std::vector<std::string>& only_nodes) {
  for (const std::string& name : only_nodes) inventory.node(name);
  Plan plan;
  plan.inventory = inventory.name;
  std::error_code code;
  plan.source = std::filesystem::weakly_canonical(inventory.source, code).string();
  std::vector<inventory::Node> nodes;
  for (const auto& node : inventory.nodes) {
    if (only_nodes.empty() || contains(only_nodes, node.name)) nodes.push_back(node);
  }
  refuse_unsupported(nodes);
  for (const auto& node : nodes) plan.nodes.push_back(make_target(node));
  for (const auto& forward : inventory.forwards) {
    PlannedForward planned{forward.name,      {}, forward.local, forward.remote, check_of(forward.kind),
                           forward.direction, {}};
    if (forward.direction == inventory::Forward::Direction::dynamic) planned.hosts = addresses(inventory);
    for (const std::string& via : forward.via) {
      if (only_nodes.empty() || contains(only_nodes, via)) planned.via.push_back(via);
    }
    if (!planned.via.empty()) plan.forwards.push_back(std::move(planned));
  }
  return plan;
}

NLOHMANN_JSON_SERIALIZE_ENUM(ForwardCheck, {{ForwardCheck::open, "open"},
                                            {ForwardCheck::consul_leader, "consul-leader"},
                                            {ForwardCheck::docker_ping, "docker-ping"}})

void to_json(nlohmann::json& json, const PlannedForward& forward) {
  json = {{"name", forward.name},           {"via", forward.via},     {"local", to_string(forward.local)},
          {"remote", remote_text(forward)}, {"check", forward.check}, {"direction", forward.direction},
          {"hosts", forward.hosts}};
}

void from_json(const nlohmann::json& json, PlannedForward& forward) {
  json.at("name").get_to(forward.name);
  json.at("via").get_to(forward.via);
  forward.local = parse_endpoint(json.at("local").get<std::string>());
  json.at("check").get_to(forward.check);
  json.at("direction").get_to(forward.direction);
  json.at("hosts").get_to(forward.hosts);
  const auto remote = json.at("remote").get<std::string>();
  if (!remote.empty()) forward.remote = parse_endpoint(remote);
}

void to_json(nlohmann::json& json, const Plan& plan) {
  json = {{"inventory", plan.inventory},
          {"source", plan.source},
          {"nodes", plan.nodes},
          {"forwards", plan.forwards}};
}

void from_json(const nlohmann::json& json, Plan& plan) {
  json.at("inventory").get_to(plan.inventory);
  json.at("source").get_to(plan.source);
  json.at("nodes").get_to(plan.nodes);
  json.at("forwards").get_to(plan.forwards);
}

}  // namespace labctl::tunnels
