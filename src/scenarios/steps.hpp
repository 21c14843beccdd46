#pragma once

#include "cluster/cluster.hpp"
#include "cluster/operations.hpp"
#include "contract/names.hpp"
#include "scenarios/records.hpp"
#include "scenarios/service_client.hpp"
#include "scenarios/sighting.hpp"
#include "scenarios/test_service.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

// Given, because and cleanup for most scenarios.
namespace labctl::scenarios {

using cluster::Cluster;

// One app and its last placement: the part of a scenario's state that shared shoulds read.
struct Placed {
  TestService service;
  contract::AppName app;
  std::string commit;              // the branch's, when it was last published or looked up
  cluster::Deployment deployment;  // the last one
  std::set<std::string>
      ran_when_published;               // its containers on the master, when KV named the last deployment
  std::map<std::string, int> restarts;  // of its containers, once healthy
  std::string master;                   // of the last deployment
  std::set<WatchedFile> watched;        // files that looks read
  std::shared_ptr<Sighting> before;     // the look of remember()
  std::shared_ptr<Sighting> seen;       // the look after the last deployment
  std::shared_ptr<SshKey> ssh_key;
  std::optional<SeededRecord> seeded;

  // How long a should may still wait, if `budget` is the allowed delay after a change.
  std::chrono::milliseconds left_of(std::chrono::milliseconds budget) const;

  std::string volume(const std::string& key) const { return contract::volume_name(app.project, key); }
  std::string container(const std::string& service_name) const {
    return contract::container_name(app.project, service_name);
  }
};

using contract::Placement;

// Removes the app, checks that nothing of it is left and that no other app has its domain, port or names, and
// creates its branch if it belongs to a slot. runner::Occupied names the conflict if something is left or
// claimed; Error{unavailable} if that look fails.
void without(Cluster& c, Placed& s, const TestService& service);

// Sets the app's branch to the content of another branch of the repository.
void change_to(Cluster& c, Placed& s, const TestService& service);

struct DeployOptions {
  bool update = false;     // the event requests update.sh
  cluster::Hooks hooks{};  // callbacks while the event is in progress
};

// Deploys the app and waits until it is served; stores the deployment. CheckFailed if that does not happen.
void deploy(Cluster& c, Placed& s, const Placement& where, const DeployOptions& options = {});

// Looks at the whole cluster and stores the look in `seen`.
void look_after(Cluster& c, Placed& s);

// Posts a record through the master; later looks read its files.
SeededRecord seed(Cluster& c, Placed& s);
void watch_record(Placed& s, const SeededRecord& record);

// without(), deploy() and seed().
void given_service(Cluster& c, Placed& s, const TestService& service, const Placement& where);

// Looks at the whole cluster and stores the look in `before`.
void remember(Cluster& c, Placed& s);

// Destroys the app and deletes its branch; each is done even if the other fails. CheckFailed if destroy left
// something behind, even if that could then be removed.
void destroy(Cluster& c, Placed& s);

}  // namespace labctl::scenarios
