#pragma once

#include "cluster/cluster.hpp"
#include "contract/names.hpp"
#include "contract/payload.hpp"
#include "contract/record.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

// Fires the cluster's events and waits until every node has finished them.
namespace labctl::cluster {

// Callbacks while an event is in progress, in the caller's thread. Their exceptions are passed on at once.
// The wait's deadline is not extended.
struct Hooks {
  std::function<void(const std::string& event_id)> on_fired;  // right after the event was fired
  std::function<void()> on_maintenance;                       // the maintenance key exists: called once
  std::function<void()> on_published;                         // KV names the deployment
};

struct Deployment {
  contract::AppName app;
  std::string event_id;
  contract::Record record;                 // the record of this deployment in KV
  std::optional<contract::Record> before;  // the record when the event was fired
  bool maintenance_seen = false;           // the maintenance key existed at some time in between
  std::map<std::string, std::vector<std::string>> logged;  // by node: what its handler logged meanwhile
  std::chrono::milliseconds took{0};
};

inline constexpr std::chrono::seconds deploy_budget{150};
inline constexpr std::chrono::seconds destroy_budget{60};
inline constexpr std::chrono::seconds migrate_budget{150};

// During an outage of Consul, all of these keep waiting until their deadline; the error then reports the
// length of the outage and has the kind of Consul's last error. Before the event is fired, they wait at most
// election_budget for a leader; any other outage is thrown at once.

// Fires `deploy` and returns when KV names this event, the maintenance key is absent and every node's handler
// has finished the event. Error{timeout} names what was awaited and the last state; Error{unavailable} is
// thrown early, if no handler accepts the event, or all have finished it and KV does not name it. Handler
// logs decide nothing.
Deployment deploy(Cluster& cluster, const contract::DeployRequest& request,
                  std::chrono::milliseconds budget = deploy_budget, Hooks hooks = {});
// The same; `done` is filled as far as known, even if this throws.
void deploy(Cluster& cluster, const contract::DeployRequest& request, Deployment& done,
            std::chrono::milliseconds budget = deploy_budget, Hooks hooks = {});

// Fires `destroy` and returns when the key is absent and every node's handler has finished the event. Errors
// as with deploy().
void destroy(Cluster& cluster, const contract::AppName& app,
             std::chrono::milliseconds budget = destroy_budget);

struct Migrated {
  std::string event_id;
  std::chrono::milliseconds took{0};
};

// Fires `migrate` and returns when the target's maintenance key has appeared and disappeared and every node's
// handler has finished the event. Errors as with deploy(). `on_maintenance` refers to the target.
Migrated migrate(Cluster& cluster, const contract::MigrateRequest& request,
                 std::chrono::milliseconds budget = migrate_budget, Hooks hooks = {});

// An event that may fail or succeed.
struct Attempt {
  std::string event_id;
  std::map<std::string, std::vector<std::string>> logged;  // by node: what its handler logged meanwhile
  bool maintenance_seen = false;                           // of the app; of a migration's target
  std::chrono::milliseconds took{0};
};

// Fires an event that may fail, and returns when every node's handler has finished it. Error{timeout} if one
// has not.
Attempt attempt_deploy(Cluster& cluster, const contract::DeployRequest& request,
                       std::chrono::milliseconds budget = deploy_budget, Hooks hooks = {});
Attempt attempt_migrate(Cluster& cluster, const contract::MigrateRequest& request,
                        std::chrono::milliseconds budget = migrate_budget, Hooks hooks = {});
// Any event with any payload, about the app.
Attempt attempt_event(Cluster& cluster, const std::string& name, const std::string& payload,
                      const contract::AppName& app, std::chrono::milliseconds budget = deploy_budget,
                      Hooks hooks = {});

// Returns when every node's handler has finished all earlier events about the app; quickly if there are none.
// Returns the nodes whose handlers did not confirm that in time; throws only Error{interrupted} and Consul's
// errors.
std::vector<std::string> settle(Cluster& cluster, const contract::AppName& app,
                                std::chrono::milliseconds budget);

// Whether at least one node's handler accepted the event: its id is in events.log.
bool taken(Cluster& cluster, const std::string& event_id);

// Returns when every container of the deployment runs on its master and none with a health check is still
// unhealthy; those of the `short_lived` services must have ended with status 0 instead. Returns the restart
// count of each container at that time. Error{timeout} with the last state.
std::map<std::string, int> await_healthy(Cluster& cluster, const Deployment& deployment,
                                         const std::vector<std::string>& short_lived = {},
                                         std::chrono::milliseconds budget = std::chrono::seconds{60});

}  // namespace labctl::cluster
