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

// Given, because and cleanup as most scenarios need them.
namespace labctl::scenarios {

using cluster::Cluster;

// One app and where it was last deployed: the part of a scenario's state that shared shoulds look at.
struct Placed {
  TestService service;
  contract::AppName app;
  std::string commit;              // the branch's, when it was last published or looked up
  cluster::Deployment deployment;  // the last one
  std::set<std::string>
      ran_when_published;               // its containers on the master, when KV came to name the last one
  std::map<std::string, int> restarts;  // of its containers, once healthy
  std::string master;                   // where it was last deployed to
  std::set<WatchedFile> watched;        // files that looks read
  std::shared_ptr<Sighting> before;     // what remember() saw
  std::shared_ptr<Sighting> seen;       // after the last deployment
  std::shared_ptr<SshKey> ssh_key;
  std::optional<SeededRecord> seeded;

  // How long a should may still wait for what may come this long after a change.
  std::chrono::milliseconds left_of(std::chrono::milliseconds budget) const;

  std::string volume(const std::string& key) const { return contract::volume_name(app.project, key); }
  std::string container(const std::string& service_name) const {
    return contract::container_name(app.project, service_name);
  }
};

// Where a deployment puts the app. No slave: "".
struct Placement {
  std::string master;
  std::string slave;

  std::string text() const { return slave.empty() ? master : master + "/" + slave; }
};

// Removes the app, proves that nothing of it is left and that nobody else has its domain, port or names, and
// makes its branch if it is one of a slot. runner::Occupied, naming what is in the way, if something is left
// or claimed; Error{unavailable} if that cannot be looked at.
void without(Cluster& c, Placed& s, const TestService& service);

// Moves the app's branch on to what another branch of the repository has.
void change_to(Cluster& c, Placed& s, const TestService& service);

struct DeployOptions {
  bool update = false;     // the event asks for update.sh
  cluster::Hooks hooks{};  // what else is done while the event is worked on
};

// Deploys the app and waits until it is served; notes the deployment. CheckFailed if it does not come.
void deploy(Cluster& c, Placed& s, const Placement& where, const DeployOptions& options = {});

// Looks at the whole cluster now: `seen`.
void look_after(Cluster& c, Placed& s);

// Posts a record through the master and watches its files from then on.
SeededRecord seed(Cluster& c, Placed& s);
void watch_record(Placed& s, const SeededRecord& record);

// without(), deploy() and one record in it.
void given_service(Cluster& c, Placed& s, const TestService& service, const Placement& where);

// Looks at the whole cluster now, and keeps it as `before`.
void remember(Cluster& c, Placed& s);

// Destroys the app and takes its branch off the repository, each whatever became of the other. CheckFailed if
// destroy left something behind, also if it could be removed then.
void destroy(Cluster& c, Placed& s);

}  // namespace labctl::scenarios
