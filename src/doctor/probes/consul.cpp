// The probe of what Consul holds: nodes, keys that a deployment leaves only if it fails, and the last events.
#include "base/text.hpp"
#include "consul/client.hpp"
#include "contract/names.hpp"
#include "doctor/probes.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace labctl::doctor {
namespace {

constexpr std::chrono::seconds catalog_time{8};

std::string text_in(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

// The apps of an event's payload (contract 2.3): its own, and the target of a migration.
std::vector<std::string> apps_of_event(const consul::UserEvent& event) {
  const auto payload = nlohmann::json::parse(event.payload, nullptr, false);
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

void read_catalog(consul::Client& consul, CatalogSeen& seen, Deadline deadline) {
  // With ACLs, lists are silently shortened. Only a read of one key tells that it is not allowed.
  consul.get("app", deadline);
  seen.nodes = consul.node_addresses(deadline);
  for (const auto& entry : consul.list("maintenance/", deadline)) seen.maintenance.push_back(entry.key);
  for (const auto& entry : consul.list("migrate/", deadline)) seen.marks.push_back(entry.key);
  for (const auto& entry : consul.list("app/", deadline)) {
    const auto record = nlohmann::json::parse(entry.value, nullptr, false);
    if (record.is_object()) seen.deploy_ids[entry.key.substr(4)] = text_in(record, "deploy_id");
  }
  for (const auto& event : consul.events(deadline)) {
    for (const auto& app : apps_of_event(event)) seen.latest_events[app] = {event.name, event.id};
  }
}

}  // namespace

std::vector<ProbeTask> catalog_tasks(const inventory::Inventory& inventory, Observations& seen) {
  return {[&seen, end = inventory.consul().local, token = inventory.consul_token](Deadline deadline) {
    auto& catalog = seen.catalog;
    try {
      if (look_at_end(end, deadline) != LocalEndSeen::State::accepts) return;
      consul::Client consul(end, token);
      read_catalog(consul, catalog, deadline.at_most(catalog_time));
      catalog.known = true;
    } catch (const consul::StatusError& error) {
      catalog.refusal = error.status();
      catalog.problem = replace_all(error.what(), fmt::format("answered {}", error.status()),
                                    fmt::format("answered {} to {}", error.status(), error.target()));
      if (!error.hint().empty()) catalog.problem += " (" + error.hint() + ")";
    } catch (const Error& error) {
      if (error.kind() == Kind::interrupted) throw;
      catalog.problem = error.line();
    }
  }};
}

}  // namespace labctl::doctor
