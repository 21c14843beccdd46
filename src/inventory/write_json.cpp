#include "inventory/direction_json.hpp"
#include "inventory/write.hpp"

#include <nlohmann/json.hpp>

namespace labctl::inventory {
namespace {

bool is_dynamic(const Forward& forward) { return forward.direction == Forward::Direction::dynamic; }

}  // namespace

std::string to_json(const Inventory& inventory) {
  using Json = nlohmann::ordered_json;
  Json nodes = Json::array();
  for (const auto& node : inventory.nodes) {
    nodes.push_back({{"name", node.name},
                     {"address", node.address},
                     {"port", node.port},
                     {"user", node.user},
                     {"identity", node.identity ? Json(node.identity->string()) : Json()},
                     {"known_hosts", node.known_hosts.string()},
                     {"agent", node.use_agent}});
  }
  Json forwards = Json::array();
  for (const auto& forward : inventory.forwards) {
    forwards.push_back({{"name", forward.name},
                        {"via", forward.via},
                        {"direction", forward.direction},
                        {"local", to_string(forward.local)},
                        {"remote", is_dynamic(forward) ? Json() : Json(to_string(forward.remote))}});
  }
  const auto& c = inventory.cluster;
  const Json service = {
      {"repo", c.service.repo},
      {"ssh_port", c.service.ssh_port},
      {"ssh_ports", c.service.ssh_ports},
      {"ssh_identity", c.service.ssh_identity ? Json(c.service.ssh_identity->string()) : Json()},
      {"writable", c.service.writable}};
  const Json document = {{"name", inventory.name},
                         {"source", inventory.source.string()},
                         {"nodes", nodes},
                         {"forwards", forwards},
                         {"hosts", inventory.hosts},
                         {"cluster",
                          {{"disposable", c.disposable},
                           {"consul_container", c.consul_container},
                           {"haproxy_container", c.haproxy_container},
                           {"caddy_container", c.caddy_container},
                           {"volume_driver", c.volume_driver},
                           {"replication_port", c.replication_port},
                           {"deploy_root", c.deploy_root},
                           {"service", service}}}};
  // A file name that is not UTF-8 must not make dump() throw.
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace labctl::inventory
