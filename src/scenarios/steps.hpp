#pragma once

#include "cluster/cluster.hpp"
#include "cluster/names.hpp"
#include "cluster/observation.hpp"
#include "cluster/operations.hpp"
#include "cluster/service.hpp"
#include "scenarios/test_service.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

// Given, because and cleanup as most scenarios need them.
namespace labctl::scenarios {

using cluster::Cluster;

// One app and where it was last deployed: the part of a scenario's state that shared shoulds look at.
struct Placed {
  TestService service;
  cluster::AppName app;
  std::string commit;                          // the branch's, when the given was made
  cluster::Deployment deployment;              // the last one
  std::map<std::string, int> restarts;         // of its containers, once healthy
  std::shared_ptr<cluster::Observation> seen;  // after the last deployment
  std::shared_ptr<cluster::SshKey> ssh_key;

  std::string volume(const std::string& key) const { return cluster::volume_name(app.project, key); }
  std::string container(const std::string& service_name) const {
    return cluster::container_name(app.project, service_name);
  }
};

// Removes the app and proves that nothing of it is left. Error{unavailable} if something is, or cannot be looked at.
void without(Cluster& c, Placed& s);

// Deploys the app and waits until it is served; notes the deployment. No slave: "". CheckFailed if it does not come.
void deploy(Cluster& c, Placed& s, const std::string& master, const std::string& slave);

// Destroys the app. CheckFailed if destroy left something behind, also if it could be removed then.
void destroy(Cluster& c, Placed& s);

}  // namespace labctl::scenarios
