#pragma once

#include "cluster/cluster.hpp"
#include "cluster/names.hpp"
#include "cluster/payload.hpp"
#include "cluster/record.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

// The cluster's events, fired and waited for to their very end on every node.
namespace labctl::cluster {

struct Deployment {
  AppName app;
  std::string event_id;
  Record record;                  // what KV says of this deployment
  std::optional<Record> before;   // what it said when the event was fired
  bool maintenance_seen = false;  // the maintenance key existed at some moment in between
  std::chrono::milliseconds took{0};
};

inline constexpr std::chrono::seconds deploy_budget{150};
inline constexpr std::chrono::seconds destroy_budget{60};

// Fires `deploy` and returns when KV names this event and every node's handler has worked through it. Error{timeout}
// says what was awaited and seen last; Error{unavailable} comes early, if no handler takes the event or one logs an
// error about the app.
Deployment deploy(Cluster& cluster, const DeployRequest& request,
                  std::chrono::milliseconds budget = deploy_budget);
// The same; `done` is filled as far as it got, also when this throws.
void deploy(Cluster& cluster, const DeployRequest& request, Deployment& done,
            std::chrono::milliseconds budget = deploy_budget);

// Fires `destroy` and returns when the key is gone and every node's handler has worked through the event. Errors as
// with deploy().
void destroy(Cluster& cluster, const AppName& app, std::chrono::milliseconds budget = destroy_budget);

// Returns when every node's handler has worked through all events fired so far; at once if it has nothing to do. Gives
// the nodes whose handlers did not say so in time; throws only Error{interrupted} and what Consul throws.
std::vector<std::string> settle(Cluster& cluster, std::chrono::milliseconds budget);

// Whether some node's handler took the event: its id stands in events.log.
bool taken(Cluster& cluster, const std::string& event_id);

// Returns when every container of the deployment runs on its master and none with a health check is still unhealthy.
// Gives the restart count of each container at that moment. Error{timeout} with the last state.
std::map<std::string, int> await_healthy(Cluster& cluster, const Deployment& deployment,
                                         std::chrono::milliseconds budget = std::chrono::seconds{60});

// True if a line of a handler log reports an error that concerns the app or the event: level error or worse, and the
// app's name, project or the event's id in it.
bool is_error_about(const std::string& line, const AppName& app, const std::string& event_id);

}  // namespace labctl::cluster
