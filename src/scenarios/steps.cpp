#include "scenarios/steps.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/cleanup.hpp"
#include "cluster/service_repository.hpp"
#include "runner/check.hpp"
#include "runner/note.hpp"

#include <fmt/format.h>

namespace labctl::scenarios {
namespace {

using namespace std::chrono_literals;

// Proxies take up a published app within a moment; a should, not this wait, judges one that does not.
constexpr auto proxy_budget = 8s;

constexpr auto look_budget = 10s;

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

void look_after(Cluster& c, Placed& s) { s.seen = std::make_shared<cluster::Observation>(c, s.app); }

}  // namespace

void without(Cluster& c, Placed& s, const TestService& service) {
  s.service = in_slot(service, c.slot());
  s.app = cluster::app_name(c.conventions().service.repo, s.service.branch);
  const auto report = cluster::clean_up(c, s.app);
  if (!report.left.empty()) {
    throw Error(Kind::unavailable,
                "the cluster could not be cleaned of the test service:\n" + list(report.left));
  }
  if (!report.errors.empty()) {
    throw Error(Kind::unavailable, "cannot tell that the cluster is clean:\n" + list(report.errors));
  }
  s.commit = c.slot().plain() ? cluster::remote_commit(c, c.nodes().front(), s.app)
                              : cluster::publish_branch(c, s.service.source, s.service.branch);
  if (s.service.has_ssh) s.ssh_key = std::make_shared<cluster::SshKey>(c);
}

void change_to(Cluster& c, Placed& s, const TestService& service) {
  const auto branch = s.service.branch;
  s.service = in_slot(service, c.slot());
  s.service.branch = branch;
  s.commit = cluster::publish_branch(c, s.service.source, branch);
}

void deploy(Cluster& c, Placed& s, const Placement& where, const DeployOptions& options) {
  cluster::DeployRequest request;
  request.app = s.app;
  request.master = where.master;
  if (!where.slave.empty()) request.slave = where.slave;
  request.update = options.update;
  s.seen.reset();
  s.ran_when_published.clear();
  s.restarts.clear();
  auto hooks = options.hooks;
  hooks.on_published = [&] {
    for (const auto& one : c.docker(where.master).containers(s.app.project + "_", c.within(look_budget)))
      if (one.running()) s.ran_when_published.insert(one.name);
  };
  try {
    cluster::deploy(c, request, s.deployment, cluster::deploy_budget, hooks);
    runner::note(fmt::format("handlers {:.1f} s", static_cast<double>(s.deployment.took.count()) / 1000));
    s.restarts = cluster::await_healthy(c, s.deployment, s.service.short_lived);
  } catch (const Error& e) {
    if (e.kind() != Kind::timeout && e.kind() != Kind::unavailable) throw;
    look_after(c, s);  // the shoulds tell what of it holds all the same
    throw runner::CheckFailed("the service deployed and healthy on " + where.master, e.what(), e.where());
  }
  cluster::await_replies(c, {where.master}, s.service.domain, "/example", cluster::is_record_list,
                         proxy_budget);
  look_after(c, s);
}

void given_service(Cluster& c, Placed& s, const TestService& service, const Placement& where) {
  without(c, s, service);
  deploy(c, s, where);
  s.seeded = create_record(c, s, where.master);
}

void remember(Cluster& c, Placed& s) {
  s.before = std::make_shared<cluster::Observation>(c, s.app);
  for (const auto& node : c.nodes()) {
    s.before->containers.at(node);
    s.before->snapshots.at(node);
  }
}

void destroy(Cluster& c, Placed& s) {
  if (s.app.app.empty()) return;  // given did not get that far
  finish(c, s.deployment);
  std::string branch_error;
  try {
    if (!c.slot().plain()) cluster::remove_branch(c, s.app.branch);
  } catch (const Error& e) {
    if (e.kind() == Kind::interrupted) throw;
    branch_error = e.line();
  }
  const auto report = cluster::clean_up(c, s.app);
  if (!report.left.empty()) throw runner::CheckFailed("nothing of the service left", list(report.left));
  if (!report.errors.empty()) {
    throw Error(Kind::unavailable, "cannot tell that nothing is left:\n" + list(report.errors));
  }
  if (!branch_error.empty()) throw Error(Kind::unavailable, branch_error);
  if (!report.forced.empty()) {
    throw runner::CheckFailed("nothing but snapshots left by destroy",
                              "removed by force:\n" + list(report.forced));
  }
}

}  // namespace labctl::scenarios
