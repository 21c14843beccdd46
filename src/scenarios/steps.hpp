#pragma once

#include "cluster/cluster.hpp"
#include "cluster/names.hpp"
#include "cluster/observation.hpp"
#include "cluster/operations.hpp"
#include "cluster/service.hpp"
#include "scenarios/records.hpp"
#include "scenarios/test_service.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

// Given, because and cleanup as most scenarios need them.
namespace labctl::scenarios {

using cluster::Cluster;

// One app and where it was last deployed: the part of a scenario's state that shared shoulds look at.
struct Placed {
  TestService service;
  cluster::AppName app;
  std::string commit;              // the branch's, when it was last published or looked up
  cluster::Deployment deployment;  // the last one
  std::set<std::string>
      ran_when_published;               // its containers on the master, when KV came to name the last one
  std::map<std::string, int> restarts;  // of its containers, once healthy
  std::shared_ptr<cluster::Observation> before;  // right before the last deployment, if remember() was called
  std::shared_ptr<cluster::Observation> seen;    // after the last deployment
  std::shared_ptr<cluster::SshKey> ssh_key;
  std::optional<SeededRecord> seeded;

  std::string volume(const std::string& key) const { return cluster::volume_name(app.project, key); }
  std::string container(const std::string& service_name) const {
    return cluster::container_name(app.project, service_name);
  }
};

// Where a deployment puts the app. No slave: "".
struct Placement {
  std::string master;
  std::string slave;

  std::string text() const { return slave.empty() ? master : master + "/" + slave; }
};

// Makes the app's branch if it is one of a slot, removes the app and proves that nothing of it is left.
// Error{unavailable} if something is, or cannot be looked at.
void without(Cluster& c, Placed& s, const TestService& service);

// Moves the app's branch on to what another branch of the repository has.
void change_to(Cluster& c, Placed& s, const TestService& service);

struct DeployOptions {
  bool update = false;     // the event asks for update.sh
  cluster::Hooks hooks{};  // what else is done while the event is worked on
};

// Deploys the app and waits until it is served; notes the deployment. CheckFailed if it does not come.
void deploy(Cluster& c, Placed& s, const Placement& where, const DeployOptions& options = {});

// without(), deploy() and one record in it.
void given_service(Cluster& c, Placed& s, const TestService& service, const Placement& where);

// Keeps what every node has of the app now, as `before`.
void remember(Cluster& c, Placed& s);

// Destroys the app and takes its branch off the repository. CheckFailed if destroy left something behind, also if it
// could be removed then.
void destroy(Cluster& c, Placed& s);

}  // namespace labctl::scenarios
