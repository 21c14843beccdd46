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

// The cluster's events, fired and waited for to their very end on every node.
namespace labctl::cluster {

// What a caller does while an event is worked on, in its own thread; what they throw goes through at once.
// The wait's time runs on meanwhile.
struct Hooks {
  std::function<void(const std::string& event_id)> on_fired;  // right after the event was fired
  std::function<void()> on_maintenance;                       // the maintenance key is there: once
  std::function<void()> on_published;                         // KV names the deployment
};

struct Deployment {
  contract::AppName app;
  std::string event_id;
  contract::Record record;                 // what KV says of this deployment
  std::optional<contract::Record> before;  // what it said when the event was fired
  bool maintenance_seen = false;           // the maintenance key existed at some moment in between
  std::map<std::string, std::vector<std::string>> logged;  // by node: what its handler logged meanwhile
  std::chrono::milliseconds took{0};
};

inline constexpr std::chrono::seconds deploy_budget{150};
inline constexpr std::chrono::seconds destroy_budget{60};
inline constexpr std::chrono::seconds migrate_budget{150};

// All of these last through an outage of Consul until their own deadline; the error then tells its length,
// and has the kind of what Consul gave last. Before the event is fired they wait for a Consul without a
// leader, election_budget at most; any other outage is thrown as it is.

// Fires `deploy` and returns when KV names this event, the maintenance key is absent and every node's handler
// has worked through the event. Error{timeout} says what was awaited and seen last; Error{unavailable} comes
// early, if no handler takes the event, or all are through with it and KV does not name it. Lines that
// handlers log decide nothing.
Deployment deploy(Cluster& cluster, const contract::DeployRequest& request,
                  std::chrono::milliseconds budget = deploy_budget, Hooks hooks = {});
// The same; `done` is filled as far as it got, also when this throws.
void deploy(Cluster& cluster, const contract::DeployRequest& request, Deployment& done,
            std::chrono::milliseconds budget = deploy_budget, Hooks hooks = {});

// Fires `destroy` and returns when the key is gone and every node's handler has worked through the event.
// Errors as with deploy().
void destroy(Cluster& cluster, const contract::AppName& app,
             std::chrono::milliseconds budget = destroy_budget);

struct Migrated {
  std::string event_id;
  std::chrono::milliseconds took{0};
};

// Fires `migrate` and returns when the target's maintenance key has come and gone and every node's handler
// has worked through the event. Errors as with deploy(). `on_maintenance` is about the target.
Migrated migrate(Cluster& cluster, const contract::MigrateRequest& request,
                 std::chrono::milliseconds budget = migrate_budget, Hooks hooks = {});

// An event that was fired and left to fail or succeed.
struct Attempt {
  std::string event_id;
  std::map<std::string, std::vector<std::string>> logged;  // by node: what its handler logged meanwhile
  bool maintenance_seen = false;                           // of the app; of a migration's target
  std::chrono::milliseconds took{0};
};

// Fires an event that may fail, and returns when every node's handler is through with it. Error{timeout} if
// one is not.
Attempt attempt_deploy(Cluster& cluster, const contract::DeployRequest& request,
                       std::chrono::milliseconds budget = deploy_budget, Hooks hooks = {});
Attempt attempt_migrate(Cluster& cluster, const contract::MigrateRequest& request,
                        std::chrono::milliseconds budget = migrate_budget, Hooks hooks = {});
// Any event with any payload, about the app.
Attempt attempt_event(Cluster& cluster, const std::string& name, const std::string& payload,
                      const contract::AppName& app, std::chrono::milliseconds budget = deploy_budget,
                      Hooks hooks = {});

// Returns when every node's handler has worked through all events about the app fired so far; at once if it
// has nothing to do. Gives the nodes whose handlers did not say so in time; throws only Error{interrupted}
// and what Consul throws.
std::vector<std::string> settle(Cluster& cluster, const contract::AppName& app,
                                std::chrono::milliseconds budget);

// Whether some node's handler took the event: its id stands in events.log.
bool taken(Cluster& cluster, const std::string& event_id);

// Returns when every container of the deployment runs on its master and none with a health check is still
// unhealthy; those of the `short_lived` services must have ended with status 0 instead. Gives the restart
// count of each container at that moment. Error{timeout} with the last state.
std::map<std::string, int> await_healthy(Cluster& cluster, const Deployment& deployment,
                                         const std::vector<std::string>& short_lived = {},
                                         std::chrono::milliseconds budget = std::chrono::seconds{60});

}  // namespace labctl::cluster
