#include "cluster/operations.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/event_wait.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;

// From the awaited state until the last handler has finished: a slave's clone, a removal.
constexpr auto through_budget = 60s;

std::chrono::milliseconds since(std::chrono::steady_clock::time_point start) {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
}

std::string deploy_id_of(const std::optional<std::string>& value) {
  if (!value) return {};
  try {
    return contract::parse_record(*value).deploy_id;
  } catch (const Error&) {
    return {};  // a third-party handler may write an incomplete record: not ours yet
  }
}

Attempt attempt(Cluster& cluster, const std::string& name, const std::string& payload,
                std::vector<contract::AppName> apps, std::chrono::milliseconds budget, Hooks hooks) {
  const auto start = std::chrono::steady_clock::now();
  EventWait wait(cluster, std::move(apps), std::move(hooks));
  wait.fire(name, payload);
  wait.until_through(budget);
  return {wait.id(), wait.logged(), wait.maintenance_seen(), since(start)};
}

}  // namespace

Deployment deploy(Cluster& cluster, const contract::DeployRequest& request, std::chrono::milliseconds budget,
                  Hooks hooks) {
  Deployment done;
  deploy(cluster, request, done, budget, std::move(hooks));
  return done;
}

void deploy(Cluster& cluster, const contract::DeployRequest& request, Deployment& done,
            std::chrono::milliseconds budget, Hooks hooks) {
  const auto start = std::chrono::steady_clock::now();
  const auto key = contract::app_key(request.app.app);
  done = {};
  done.app = request.app;
  done.before = cluster.record(request.app.app);
  const auto on_published = hooks.on_published;
  EventWait wait(cluster, {request.app}, std::move(hooks));
  wait.fire("deploy", contract::to_payload(request), request.at.master);
  done.event_id = wait.id();
  wait.until([&] { return deploy_id_of(wait.key()) == done.event_id; },
             key + " with deploy_id " + done.event_id, budget);
  if (on_published) on_published();
  wait.until_served();
  wait.until_through(through_budget);
  done.maintenance_seen = wait.maintenance_seen();
  done.logged = wait.logged();
  if (!wait.key()) throw Error(Kind::unavailable, "the key vanished after the deployment", key);
  done.record = contract::parse_record(*wait.key());
  done.took = since(start);
}

void destroy(Cluster& cluster, const contract::AppName& app, std::chrono::milliseconds budget) {
  EventWait wait(cluster, {app});
  wait.fire("destroy", contract::to_payload(contract::DestroyRequest{app}));
  wait.until([&] { return wait.key_read() && !wait.key(); }, "the end of " + contract::app_key(app.app),
             budget);
  wait.until_through(through_budget);
}

Migrated migrate(Cluster& cluster, const contract::MigrateRequest& request, std::chrono::milliseconds budget,
                 Hooks hooks) {
  const auto start = std::chrono::steady_clock::now();
  EventWait wait(cluster, {request.target, request.source}, std::move(hooks));
  wait.fire("migrate", contract::to_payload(request));
  wait.until([&] { return wait.maintenance_seen() && !wait.in_maintenance(); },
             "the beginning and end of " + contract::maintenance_key(request.target.app), budget);
  wait.until_through(through_budget);
  return {wait.id(), since(start)};
}

Attempt attempt_deploy(Cluster& cluster, const contract::DeployRequest& request,
                       std::chrono::milliseconds budget, Hooks hooks) {
  return attempt(cluster, "deploy", contract::to_payload(request), {request.app}, budget, std::move(hooks));
}

Attempt attempt_migrate(Cluster& cluster, const contract::MigrateRequest& request,
                        std::chrono::milliseconds budget, Hooks hooks) {
  return attempt(cluster, "migrate", contract::to_payload(request), {request.target, request.source}, budget,
                 std::move(hooks));
}

Attempt attempt_event(Cluster& cluster, const std::string& name, const std::string& payload,
                      const contract::AppName& app, std::chrono::milliseconds budget, Hooks hooks) {
  return attempt(cluster, name, payload, {app}, budget, std::move(hooks));
}

std::vector<std::string> settle(Cluster& cluster, const contract::AppName& app,
                                std::chrono::milliseconds budget) {
  return EventWait(cluster, {app}).settle(cluster.within(budget));
}

bool taken(Cluster& cluster, const std::string& event_id) {
  const auto log = cluster.events_log();
  const auto found = cluster.on_nodes(cluster.nodes(), [&](const std::string& node) {
    return cluster.exec(node, {"grep", "-qxF", event_id, log}).ok();
  });
  return std::any_of(found.begin(), found.end(), [](const auto& one) { return one.second; });
}

std::map<std::string, int> await_healthy(Cluster& cluster, const Deployment& deployment,
                                         const std::vector<std::string>& short_lived,
                                         std::chrono::milliseconds budget) {
  const auto& master = deployment.record.at.master;
  auto& docker = cluster.docker(master);
  const auto deadline = cluster.within(budget);
  std::map<std::string, int> restarts;
  std::string waiting_for;
  const auto healthy = [&] {
    restarts.clear();
    waiting_for.clear();
    for (const auto& [service, name] : deployment.record.ct) {
      const auto container = docker.container(name, deadline);
      const bool ends = std::find(short_lived.begin(), short_lived.end(), service) != short_lived.end();
      const bool good =
          container &&
          (ends ? container->state == "exited" && container->exit_code == 0
                : container->running() && (container->health.empty() || container->health == "healthy"));
      if (!good) {
        waiting_for += fmt::format("{}{} {}", waiting_for.empty() ? "" : ", ", name,
                                   !container              ? "absent"
                                   : !container->running() ? container->state
                                                           : container->health);
      }
      if (container) restarts[name] = container->restart_count;
    }
    return waiting_for.empty();
  };
  if (!docker.await(healthy, deadline,
                    {{"type", {"container"}}, {"event", {"health_status", "start", "die", "destroy"}}})) {
    throw Error(Kind::timeout, fmt_seconds("not healthy within", deadline.budget()) + ": " + waiting_for,
                master);
  }
  return restarts;
}

}  // namespace labctl::cluster
