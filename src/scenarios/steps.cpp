#include "scenarios/steps.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "observe/claims.hpp"
#include "observe/cleanup.hpp"
#include "runner/check.hpp"
#include "runner/every_step.hpp"
#include "runner/note.hpp"
#include "scenarios/budgets.hpp"
#include "scenarios/service_repository.hpp"

#include <fmt/format.h>

namespace labctl::scenarios {
namespace {

using namespace std::chrono_literals;

// Waits before a removal: what is removed while a handler still deploys would be created again.
constexpr auto busy_budget = 60s;
constexpr auto silent_budget = 10s;

// Waits for the handlers if the last deployment did not reach its end. An error does not stop the removal.
void finish(Cluster& c, const cluster::Deployment& deployment) {
  if (deployment.event_id.empty() || deployment.record.deploy_id == deployment.event_id) return;
  try {
    cluster::settle(c, deployment.app, cluster::taken(c, deployment.event_id) ? busy_budget : silent_budget);
  } catch (const Error& e) {
    if (e.kind() == Kind::interrupted) throw;
  }
}

std::string list(const std::vector<std::string>& items) { return join(items, "\n"); }

void check_nothing(const std::vector<std::string>& found, const std::string& expected,
                   const std::string& how = {}) {
  runner::check(found.empty(), expected, how + list(found));
}

// If another app claims the same domain, port or name, either app may answer. Then no scenario can be judged.
void require_unclaimed(Cluster& c, const Placed& s) {
  observe::Needs needs{s.app.app, s.service.domain, {}, {}};
  if (s.service.has_ssh) needs.port = c.slot().ssh_port;
  for (const auto* names : {&s.service.haproxy_configs, &s.service.haproxy_backends}) {
    for (const auto& name : *names) {
      if (name != "http-in") needs.names.push_back(name);
    }
  }
  const auto claims = observe::foreign_claims(c, needs, proxy_budget);
  if (claims.empty()) return;
  throw runner::Occupied("somebody else has what " + s.app.app + " needs:\n" + list(claims));
}

}  // namespace

std::chrono::milliseconds Placed::left_of(std::chrono::milliseconds budget) const {
  return seen ? left_since(seen->at, budget, std::chrono::steady_clock::now()) : budget;
}

void look_after(Cluster& c, Placed& s) { s.seen = std::make_shared<Sighting>(c, s); }

void without(Cluster& c, Placed& s, const TestService& service) {
  s.service = in_slot(service, c.slot());
  s.app = contract::app_name(c.conventions().service.repo, s.service.branch);
  c.own(s.app);
  const auto report = observe::clean_up(c, s.app);
  if (!report.left.empty()) {
    throw runner::Occupied("the cluster could not be cleaned of the test service:\n" + list(report.left));
  }
  if (!report.errors.empty()) {
    throw Error(Kind::unavailable, "cannot tell that the cluster is clean:\n" + list(report.errors));
  }
  require_unclaimed(c, s);
  s.commit = c.slot().plain() ? observe::remote_commit(c, c.nodes().front(), s.app)
                              : publish_branch(c, s.service.source, s.service.branch);
  if (s.service.has_ssh) s.ssh_key = std::make_shared<SshKey>(c);
}

void change_to(Cluster& c, Placed& s, const TestService& service) {
  const auto branch = s.service.branch;
  s.service = in_slot(service, c.slot());
  s.service.branch = branch;
  s.commit = publish_branch(c, s.service.source, branch);
}

void deploy(Cluster& c, Placed& s, const Placement& where, const DeployOptions& options) {
  contract::DeployRequest request;
  request.app = s.app;
  request.at = where;
  request.update = options.update;
  s.master = where.master;
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
    look_after(c, s);  // the shoulds still show what holds
    throw runner::CheckFailed("the service deployed and healthy on " + where.master, e.what(), e.where());
  }
  // Proxies apply a published app within a moment. If one does not, a should fails, not this wait.
  await_replies(c, {where.master}, s.service.domain, "/example", is_record_list, proxy_budget);
  look_after(c, s);
}

void given_service(Cluster& c, Placed& s, const TestService& service, const Placement& where) {
  without(c, s, service);
  deploy(c, s, where);
  s.seeded = seed(c, s);
}

SeededRecord seed(Cluster& c, Placed& s) {
  auto record = create_record(c, s, s.master);
  watch_record(s, record);
  return record;
}

void watch_record(Placed& s, const SeededRecord& record) {
  for (const auto& path : {data_path(record), cache_path(record)}) s.watched.insert({"anyblok", path});
}

void remember(Cluster& c, Placed& s) { s.before = std::make_shared<Sighting>(c, s); }

void destroy(Cluster& c, Placed& s) {
  if (s.app.app.empty()) return;  // given ended before it named the app
  observe::CleanupReport report;
  runner::run_every(
      {[&] { finish(c, s.deployment); },
       [&] {
         report = observe::clean_up(c, s.app);
         check_nothing(report.left, "nothing of the service left");
       },
       [&] {
         if (report.errors.empty()) return;
         throw Error(Kind::unavailable, "cannot tell that nothing is left:\n" + list(report.errors));
       },
       [&] {
         // What is still left has already been reported.
         if (!report.left.empty()) return;
         check_nothing(report.forced, "nothing but snapshots left by destroy", "removed by force:\n");
       },
       [&] {
         if (!c.slot().plain()) remove_branch(c, s.app.branch);
       }});
}

}  // namespace labctl::scenarios
