#include "scenarios/steps.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/cleanup.hpp"
#include "runner/check.hpp"

#include <fmt/format.h>

namespace labctl::scenarios {
namespace {

using namespace std::chrono_literals;

// Proxies take up a published app within a moment; a should, not this wait, judges one that does not.
constexpr auto proxy_budget = 8s;

// What is removed while a handler still deploys would only come again.
constexpr auto busy_budget = 60s;
constexpr auto silent_budget = 10s;

// Waits for the handlers if the last deployment was left before its end. The removal goes on whatever comes of it.
void finish(Cluster& c, const cluster::Deployment& deployment) {
  if (deployment.event_id.empty() || deployment.record.deploy_id == deployment.event_id) return;
  try {
    cluster::settle(c, deployment.app, cluster::taken(c, deployment.event_id) ? busy_budget : silent_budget);
  } catch (const Error& e) {
    if (e.kind() == Kind::interrupted) throw;
  }
}

std::string list(const std::vector<std::string>& items) { return join(items, "\n"); }

}  // namespace

void without(Cluster& c, Placed& s) {
  s.app = cluster::app_name(c.conventions().service.repo, s.service.branch);
  const auto report = cluster::clean_up(c, s.app, s.service.managed_volumes);
  if (!report.left.empty()) {
    throw Error(Kind::unavailable,
                "the cluster could not be cleaned of the test service:\n" + list(report.left));
  }
  if (!report.errors.empty()) {
    throw Error(Kind::unavailable, "cannot tell that the cluster is clean:\n" + list(report.errors));
  }
  s.commit = cluster::remote_commit(c, c.nodes().front(), s.app);
  s.ssh_key = std::make_shared<cluster::SshKey>(c);
}

void deploy(Cluster& c, Placed& s, const std::string& master, const std::string& slave) {
  cluster::DeployRequest request;
  request.app = s.app;
  request.master = master;
  if (!slave.empty()) request.slave = slave;
  const auto look = [&] {
    s.seen = std::make_shared<cluster::Observation>(c, s.app, s.service.managed_volumes);
  };
  s.seen.reset();
  s.restarts.clear();
  try {
    cluster::deploy(c, request, s.deployment);
    s.restarts = cluster::await_healthy(c, s.deployment);
  } catch (const Error& e) {
    if (e.kind() != Kind::timeout && e.kind() != Kind::unavailable) throw;
    look();  // the shoulds tell what of it holds all the same
    throw runner::CheckFailed("the service deployed and healthy on " + master, e.what(), e.where());
  }
  cluster::await_replies(c, {master}, s.service.domain, "/example", cluster::is_record_list, proxy_budget);
  look();
}

void destroy(Cluster& c, Placed& s) {
  if (s.app.app.empty()) return;  // given did not get that far
  finish(c, s.deployment);
  const auto report = cluster::clean_up(c, s.app, s.service.managed_volumes);
  if (!report.left.empty()) throw runner::CheckFailed("nothing of the service left", list(report.left));
  if (!report.errors.empty()) {
    throw Error(Kind::unavailable, "cannot tell that nothing is left:\n" + list(report.errors));
  }
  if (!report.forced.empty()) {
    throw runner::CheckFailed("nothing but snapshots left by destroy",
                              "removed by force:\n" + list(report.forced));
  }
}

}  // namespace labctl::scenarios
