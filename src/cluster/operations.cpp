#include "cluster/operations.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/activity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <utility>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;

constexpr auto call_budget = 10s;
// A handler starts within a moment of its event; one that has not by then never will.
constexpr auto reception_budget = 10s;
// An error line is not always the end of a deployment.
constexpr auto grace_after_error = 5s;
constexpr auto barrier_budget = 30s;

std::string random_hex() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

std::string events_log(const Cluster& cluster) { return cluster.conventions().deploy_root + "/events.log"; }

// Follows one event from firing to the last node's handler.
class EventWait {
public:
  EventWait(Cluster& cluster, const AppName& app) : cluster_(cluster), app_(app), watch_(cluster, app.app) {}

  void fire(const std::string& name, const std::string& payload) {
    name_ = name;
    id_ = cluster_.consul().fire_event(name, payload, cluster_.within(call_budget));
    cluster_.tell({Happening::Type::fired, "", id_});
  }

  // Until the app's key satisfies `done`.
  void until(const std::function<bool(const std::optional<std::string>&)>& done, const std::string& awaited,
             std::chrono::milliseconds budget) {
    auto deadline = cluster_.within(budget);
    const auto reception = deadline.at_most(reception_budget);
    bool reception_checked = false;
    while (true) {
      if (key_read_ && done(key_)) return;
      auto happening = watch_.next(reception_checked || failing_ ? deadline : reception);
      if (happening) {
        note(*happening);
        if (!error_.empty() && !failing_) {
          failing_ = true;
          deadline = deadline.at_most(grace_after_error);
        }
      } else if (failing_) {
        throw Error(Kind::unavailable, fmt::format("the handler reports: {}", error_), error_node_);
      } else if (deadline.passed()) {
        throw Error(Kind::timeout,
                    fmt_seconds(awaited + " did not come within", deadline.budget()) + "; " + last_state());
      } else {
        reception_checked = true;
        check_reception();
      }
    }
  }

  // Every node handles its events one after another: when each has said that it does not know an event fired now, all
  // before it is done, on every node. Gives those that did not say so in time.
  std::vector<std::string> barrier(std::chrono::milliseconds budget) {
    const auto name = "labctl-barrier-" + random_hex();
    cluster_.consul().fire_event(name, "{}", cluster_.within(call_budget));
    const auto deadline = cluster_.within(budget);
    std::set<std::string> waiting(cluster_.nodes().begin(), cluster_.nodes().end());
    while (!waiting.empty()) {
      const auto happening = watch_.next(deadline);
      if (!happening) break;
      note(*happening);
      if (happening->type == Happening::Type::log_line && happening->value->find(name) != std::string::npos) {
        waiting.erase(happening->node);
      }
    }
    return {waiting.begin(), waiting.end()};
  }

  // Until every node is through with the event.
  void until_everywhere() {
    const auto late = barrier(barrier_budget);
    if (!late.empty()) {
      throw Error(
          Kind::timeout,
          fmt_seconds("its handler has not worked through event " + name_ + " after", barrier_budget) + "; " +
              last_state(),
          join(late, ", "));
    }
    if (!error_.empty()) throw Error(Kind::unavailable, "the handler reports: " + error_, error_node_);
  }

  // Until the maintenance key is absent.
  void until_served() {
    const auto deadline = cluster_.within(call_budget);
    while (maintenance_) {
      const auto happening = watch_.next(deadline);
      if (!happening)
        throw Error(Kind::timeout, "the maintenance key is still there", maintenance_key(app_.app));
      note(*happening);
    }
  }

  const std::string& id() const { return id_; }
  bool maintenance_seen() const { return maintenance_seen_; }

private:
  void note(const Happening& happening) {
    switch (happening.type) {
      case Happening::Type::app_key:
        key_ = happening.value;
        key_read_ = true;
        break;
      case Happening::Type::maintenance:
        maintenance_ = happening.value.has_value();
        maintenance_seen_ = maintenance_seen_ || maintenance_;
        break;
      case Happening::Type::log_line:
        last_lines_[happening.node] = *happening.value;
        if (error_.empty() && is_error_about(*happening.value, app_, id_)) {
          error_ = *happening.value;
          error_node_ = happening.node;
        }
        break;
      case Happening::Type::docker:
      case Happening::Type::fired:
        break;
    }
  }

  // Without a word for so long: is there a handler at all? The contract has it write the event's id first of all.
  void check_reception() {
    if (taken(cluster_, id_)) return;
    throw Error(Kind::unavailable,
                fmt::format("no node's handler took event {} {} within {} s: it is not in {}", name_, id_,
                            reception_budget / 1s, events_log(cluster_)),
                join(cluster_.nodes(), ", "), "is the handler configured as a Consul watch?");
  }

  std::string last_state() const {
    std::string state = "seen last: " + app_key(app_.app);
    if (!key_) {
      state += " absent";
    } else {
      try {
        state += " with deploy_id " + parse_record(*key_).deploy_id;
      } catch (const Error&) {
        state += " unreadable";
      }
    }
    state += maintenance_ ? ", maintenance on" : ", maintenance off";
    for (const auto& [node, line] : last_lines_) state += fmt::format("\n{} logged: {}", node, line);
    for (const auto& source : watch_.blind()) state += "\nnot seen: " + source;
    return state;
  }

  Cluster& cluster_;
  AppName app_;
  Watch watch_;
  std::string name_;
  std::string id_;
  std::optional<std::string> key_;
  bool key_read_ = false;
  bool maintenance_ = false;
  bool maintenance_seen_ = false;
  std::string error_;
  std::string error_node_;
  bool failing_ = false;
  std::map<std::string, std::string> last_lines_;
};

std::string deploy_id_of(const std::optional<std::string>& value) {
  if (!value) return {};
  try {
    return parse_record(*value).deploy_id;
  } catch (const Error&) {
    return {};  // half a deployment of somebody's handler: not ours yet
  }
}

}  // namespace

bool is_error_about(const std::string& line, const AppName& app, const std::string& event_id) {
  // The level stands near the beginning, whatever the format; further on, a line may quote what a program printed.
  constexpr std::size_t head_size = 64;
  constexpr std::string_view levels[] = {"ERROR",      "CRITICAL",  "[error]",
                                         "[critical]", "\terror\t", "\tcritical\t"};
  const auto head = std::string_view(line).substr(0, head_size);
  const bool is_error = std::any_of(std::begin(levels), std::end(levels), [&](std::string_view level) {
    return head.find(level) != std::string_view::npos;
  });
  if (!is_error) return false;
  const auto names = [&](const std::string& word) {
    return !word.empty() && line.find(word) != std::string::npos;
  };
  return names(app.app) || names(app.project) || names(event_id);
}

Deployment deploy(Cluster& cluster, const DeployRequest& request, std::chrono::milliseconds budget) {
  Deployment done;
  deploy(cluster, request, done, budget);
  return done;
}

void deploy(Cluster& cluster, const DeployRequest& request, Deployment& done,
            std::chrono::milliseconds budget) {
  const auto start = std::chrono::steady_clock::now();
  done = {};
  done.app = request.app;
  done.before = cluster.record(request.app.app);
  EventWait wait(cluster, request.app);
  wait.fire("deploy", to_payload(request));
  done.event_id = wait.id();
  wait.until([&](const auto& value) { return deploy_id_of(value) == done.event_id; },
             app_key(request.app.app) + " with deploy_id " + done.event_id, budget);
  wait.until_everywhere();
  wait.until_served();
  done.maintenance_seen = wait.maintenance_seen();
  const auto record = cluster.record(request.app.app);
  if (!record)
    throw Error(Kind::unavailable, "the key vanished after the deployment", app_key(request.app.app));
  done.record = *record;
  done.took = std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
}

void destroy(Cluster& cluster, const AppName& app, std::chrono::milliseconds budget) {
  EventWait wait(cluster, app);
  wait.fire("destroy", to_payload(DestroyRequest{app}));
  wait.until([](const auto& value) { return !value; }, "the end of " + app_key(app.app), budget);
  wait.until_everywhere();
}

std::vector<std::string> settle(Cluster& cluster, std::chrono::milliseconds budget) {
  AppName nobody;
  nobody.app = "labctl-settle";
  return EventWait(cluster, nobody).barrier(budget);
}

bool taken(Cluster& cluster, const std::string& event_id) {
  const auto log = events_log(cluster);
  const auto found = cluster.on_nodes(cluster.nodes(), [&](const std::string& node) {
    return cluster.exec(node, {"grep", "-qxF", event_id, log}).ok();
  });
  return std::any_of(found.begin(), found.end(), [](const auto& one) { return one.second; });
}

std::map<std::string, int> await_healthy(Cluster& cluster, const Deployment& deployment,
                                         std::chrono::milliseconds budget) {
  const auto& master = deployment.record.master;
  auto& docker = cluster.docker(master);
  const auto deadline = cluster.within(budget);
  std::map<std::string, int> restarts;
  std::string waiting_for;
  const auto healthy = [&] {
    restarts.clear();
    waiting_for.clear();
    for (const auto& [service, name] : deployment.record.ct) {
      const auto container = docker.container(name, deadline);
      const bool good =
          container && container->running() && (container->health.empty() || container->health == "healthy");
      if (!good)
        waiting_for += fmt::format("{}{} {}", waiting_for.empty() ? "" : ", ", name,
                                   !container              ? "absent"
                                   : !container->running() ? container->state
                                                           : container->health);
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
