// The probe of what Consul holds: nodes, keys that a deployment leaves only if it fails, and the last events.
#include "base/base64.hpp"
#include "contract/names.hpp"
#include "doctor/probes.hpp"
#include "doctor/probes/consul_reader.hpp"

#include <nlohmann/json.hpp>

namespace labctl::doctor {
namespace {

constexpr std::chrono::seconds catalog_time{8};

std::string text_in(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

// The apps of an event's payload (contract 2.3): its own, and the target of a migration.
std::vector<std::string> apps_of_event(const nlohmann::json& event) {
  const auto payload =
      nlohmann::json::parse(decode_base64(text_in(event, "Payload")).value_or(""), nullptr, false);
  if (!payload.is_object()) return {};
  const auto repo = text_in(payload, "repo"), branch = text_in(payload, "branch");
  std::vector<std::string> apps{contract::app_name(repo, branch).app};
  if (const auto target = payload.find("target"); target != payload.end() && target->is_object()) {
    const auto target_repo = text_in(*target, "repo"), target_branch = text_in(*target, "branch");
    apps.push_back(contract::app_name(target_repo.empty() ? repo : target_repo,
                                      target_branch.empty() ? branch : target_branch)
                       .app);
  }
  return apps;
}

void read_catalog(ConsulReader& consul, CatalogSeen& seen) {
  // With ACLs, lists are silently shortened. Only a read of one key tells that it is not allowed.
  consul.get("/v1/kv/app");
  for (const auto& node : consul.get("/v1/catalog/nodes"))
    seen.nodes[text_in(node, "Node")] = text_in(node, "Address");
  for (const auto& [key, value] : consul.values("maintenance/")) seen.maintenance.push_back(key);
  for (const auto& [key, value] : consul.values("migrate/")) seen.marks.push_back(key);
  for (const auto& [key, value] : consul.values("app/")) {
    const auto record = nlohmann::json::parse(value, nullptr, false);
    if (record.is_object()) seen.deploy_ids[key.substr(4)] = text_in(record, "deploy_id");
  }
  // In the order in which the agent saw them.
  for (const auto& event : consul.get("/v1/event/list")) {
    for (const auto& app : apps_of_event(event))
      seen.latest_events[app] = {text_in(event, "Name"), text_in(event, "ID")};
  }
}

}  // namespace

std::vector<ProbeTask> catalog_tasks(const inventory::Inventory& inventory, Observations& seen) {
  return {[&seen, end = inventory.consul().local](Deadline deadline) {
    auto& catalog = seen.catalog;
    try {
      if (look_at_end(end, deadline) != LocalEndSeen::State::accepts) return;
      ConsulReader consul(end, deadline.at_most(catalog_time));
      read_catalog(consul, catalog);
      catalog.known = true;
    } catch (const ConsulRefusal& refusal) {
      catalog.refusal = refusal.status();
      catalog.problem = refusal.what();
    } catch (const Error& error) {
      if (error.kind() == Kind::interrupted) throw;
      catalog.problem = error.line();
    }
  }};
}

}  // namespace labctl::doctor
