#include "tunnels/supervisor.hpp"

#include "tunnels/lanes.hpp"
#include "tunnels/route.hpp"

#include <asio/post.hpp>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>

namespace labctl::tunnels {
namespace {

using ssh::Cause;
using ssh::Failure;

// Logins that a daemon may make at once, in addition to those that its sessions need.
constexpr int spare_logins = 8;

// For this long after a remote end failed through a node, another node is preferred.
constexpr auto target_memory = std::chrono::seconds(10);

double wall_clock() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// The logins that all sessions of a plan need: jump hosts count, and the session for names (Lanes).
int logins_of(const Plan& plan) {
  int logins = 0;
  for (const ssh::Target& node : plan.nodes) {
    const bool by_name = std::any_of(plan.forwards.begin(), plan.forwards.end(), [&](const auto& forward) {
      const bool here = std::find(forward.via.begin(), forward.via.end(), node.name) != forward.via.end();
      const bool asks =
          forward.direction == inventory::Forward::Direction::dynamic ||
          (forward.direction == inventory::Forward::Direction::local && needs_lookup(forward.remote));
      return here && asks;
    });
    logins += (by_name ? 2 : 1) * (1 + static_cast<int>(node.jumps.size()));
  }
  return logins;
}

// These failures would be the same through another node: their cause is not on the way.
bool same_everywhere(Cause cause) {
  return cause == Cause::bad_answer || cause == Cause::local_in_use || cause == Cause::local_failed;
}

}  // namespace

Supervisor::Supervisor(asio::io_context& io, Plan plan, Timing timing)
    : io_(io),
      plan_(std::move(plan)),
      timing_(timing),
      limit_(std::make_shared<LoginLimit>(LoginLimit::Policy{.at_once = logins_of(plan_) + spare_logins})),
      since_(wall_clock()) {
  const auto alive = alive_;
  for (const PlannedForward& planned : plan_.forwards) {
    Carried forward;
    forward.plan = planned;
    forward.status.name = planned.name;
    forward.status.local = to_string(planned.local);
    forward.status.direction = planned.direction;
    forward.status.remote = remote_text(planned);
    forward.status.via = planned.via;
    forward.status.node = choose_node(planned.via, "", [](const std::string&) { return Way::unknown; });
    forward.status.since = since_;
    forwards_.push_back(std::move(forward));
  }
  for (const ssh::Target& target : plan_.nodes) {
    LinkedNode& node = nodes_[target.name];
    node.status.name = target.name;
    node.status.since = since_;
    node.link =
        std::make_unique<Link>(target, timing_, limit_,
                               Link::Reports{[this, alive](NodeReport report) {
                                               asio::post(io_, [this, alive, report = std::move(report)] {
                                                 if (*alive) node_reported(report);
                                               });
                                             },
                                             [this, alive](ForwardReport report) {
                                               asio::post(io_, [this, alive, report = std::move(report)] {
                                                 if (*alive) forward_reported(report);
                                               });
                                             }});
  }
  for (Carried& forward : forwards_)
    nodes_.at(forward.status.node).link->carry(forward.plan, forward.traffic);
}

Supervisor::~Supervisor() {
  *alive_ = false;
  for (auto& [name, node] : nodes_) node.link.reset();
}

Status Supervisor::status() const {
  Status status;
  status.inventory = plan_.inventory;
  status.source = plan_.source;
  status.pid = ::getpid();
  status.since = since_;
  status.revision = revision_;
  for (const ssh::Target& target : plan_.nodes) status.nodes.push_back(nodes_.at(target.name).status);
  for (const Carried& forward : forwards_) {
    ForwardStatus one = forward.status;
    one.connections = forward.traffic->connections;
    one.accepted = forward.traffic->accepted;
    one.bytes_in = forward.traffic->bytes_in;
    one.bytes_out = forward.traffic->bytes_out;
    status.forwards.push_back(std::move(one));
  }
  return status;
}

void Supervisor::changed() {
  ++revision_;
  for (const auto& callback : on_change_) callback();
  settle(false);
}

void Supervisor::node_reported(const NodeReport& report) {
  LinkedNode& node = nodes_.at(report.node);
  if (node.status.state != report.state) node.status.since = wall_clock();
  node.status.state = report.state;
  // `stopped` means that we closed the session ourselves and are reconnecting: no failure.
  const bool trouble = report.failure && report.failure->cause() != Cause::stopped;
  node.failure = trouble ? report.failure : std::nullopt;
  if (trouble) node.status.last_error = Problem::of(*report.failure);
  node.status.next_attempt.reset();
  if (report.next_attempt)
    node.status.next_attempt = wall_clock() + std::chrono::duration<double>(*report.next_attempt).count();
  if (report.state == NodeState::up) {
    // The remote end may work again through the new session.
    for (Carried& forward : forwards_) forward.target_failed.erase(report.node);
  }
  for (Carried& forward : forwards_) route(forward);
  changed();
}

void Supervisor::forward_reported(const ForwardReport& report) {
  const auto found = std::find_if(forwards_.begin(), forwards_.end(), [&](const Carried& forward) {
    return forward.plan.name == report.forward;
  });
  if (found == forwards_.end() || found->moving || found->status.node != report.node) return;  // outdated
  if (report.failure && report.failure->cause() == Cause::stopped) return;
  Carried& forward = *found;
  if (report.about == ForwardReport::About::connection) {
    std::optional<Problem> error;
    if (report.failure) error = Problem::of(*report.failure);
    if (error == forward.status.connection_error) return;
    if (error) spdlog::warn("{}", error->line());
    forward.status.connection_error = std::move(error);
    changed();
    return;
  }
  const ForwardState state = report.failure ? ForwardState::down : ForwardState::up;
  const bool news = forward.status.state != state;
  if (news) {
    forward.status.since = wall_clock();
    if (report.failure) {
      spdlog::warn("{}", report.failure->line());
    } else {
      spdlog::info("{} is up through {}", forward.plan.name, report.node);
    }
  }
  forward.status.state = state;
  forward.failure = report.failure;
  if (report.failure) forward.status.last_error = Problem::of(*report.failure);
  if (report.rtt) forward.status.rtt_ms = std::chrono::duration<double, std::milli>(*report.rtt).count();
  if (!report.failure) {
    forward.target_failed.clear();
  } else if (!same_everywhere(report.failure->cause())) {
    forward.target_failed[report.node] = std::chrono::steady_clock::now();
    route(forward);
  }
  changed();
}

void Supervisor::route(Carried& forward) {
  if (forward.moving) return;
  const auto now = std::chrono::steady_clock::now();
  const std::string next = choose_node(forward.plan.via, forward.status.node, [&](const std::string& name) {
    const LinkedNode& node = nodes_.at(name);
    const auto failed = forward.target_failed.find(name);
    if (failed != forward.target_failed.end() && now - failed->second < target_memory) return Way::closed;
    if (node.status.state == NodeState::up) return Way::open;
    return node.status.state == NodeState::connecting && !node.status.last_error ? Way::unknown : Way::closed;
  });
  if (next != forward.status.node) move(forward, next);
}

void Supervisor::move(Carried& forward, const std::string& to) {
  if (to != forward.status.node)
    spdlog::warn("{} moves from {} to {}", forward.plan.name, forward.status.node, to);
  forward.moving = true;
  forward.failure.reset();
  forward.status.state = ForwardState::starting;
  forward.status.since = wall_clock();
  forward.status.connection_error.reset();
  Link& old = *nodes_.at(forward.status.node).link;
  forward.status.node = to;
  const auto index = static_cast<std::size_t>(&forward - forwards_.data());
  old.drop(forward.plan.name, [this, alive = alive_, index] {
    asio::post(io_, [this, alive, index] {
      if (!*alive) return;
      Carried& moved = forwards_[index];
      moved.moving = false;
      nodes_.at(moved.status.node).link->carry(moved.plan, moved.traffic);
    });
  });
}

void Supervisor::follow_agents(const Plan& newest) {
  for (const ssh::Target& target : newest.nodes) {
    if (const auto node = nodes_.find(target.name); node != nodes_.end())
      node->second.link->follow_agents(target);
  }
}

void Supervisor::retry() {
  limit_->renew();
  for (auto& [name, node] : nodes_) {
    if (node.status.state != NodeState::up) {
      node.status.state = NodeState::connecting;
      node.status.last_error.reset();
      node.failure.reset();
    }
    node.link->retry();
  }
  for (Carried& forward : forwards_) {
    if (forward.status.state != ForwardState::down) continue;
    forward.status.state = ForwardState::starting;
    forward.failure.reset();
    forward.target_failed.clear();
  }
  changed();
}

void Supervisor::network_changed(const std::string& reason) {
  spdlog::info("{}: looking at the sessions", reason);
  for (auto& [name, node] : nodes_) node.link->network_changed();
}

void Supervisor::restart(const std::vector<std::string>& names) {
  if (names.empty()) {
    limit_->renew();
    for (auto& [name, node] : nodes_) {
      node.status.state = NodeState::connecting;
      node.status.last_error.reset();
      node.failure.reset();
      node.link->reconnect();
    }
  }
  for (Carried& forward : forwards_) {
    const bool wanted =
        names.empty() || std::find(names.begin(), names.end(), forward.plan.name) != names.end();
    if (!wanted || forward.moving) continue;
    forward.target_failed.clear();
    move(forward, forward.status.node);
    nodes_.at(forward.status.node).link->retry();
  }
  changed();
}

std::optional<std::vector<Problem>> Supervisor::verdict(bool time_is_up) const {
  std::vector<Problem> problems;
  auto add = [&](const Failure& failure) {
    Problem problem = Problem::of(failure);
    if (std::find(problems.begin(), problems.end(), problem) == problems.end())
      problems.push_back(std::move(problem));
  };
  for (const auto& [name, node] : nodes_) {
    if (node.failure) {
      add(*node.failure);
    } else if (node.status.state != NodeState::up) {
      if (!time_is_up) return std::nullopt;
      add(Failure(Cause::no_answer, "no session yet", name));
    }
  }
  for (const Carried& forward : forwards_) {
    if (forward.status.state == ForwardState::up) continue;
    if (forward.failure) {
      // A cluster that is starting has no leader yet, so wait.
      if (forward.failure->cause() == Cause::bad_answer && !time_is_up) return std::nullopt;
      add(*forward.failure);
    } else {
      // The node's failure is already in the list, and explains its forwards.
      if (nodes_.at(forward.status.node).failure && !forward.moving) continue;
      if (!time_is_up) return std::nullopt;
      add(Failure(Cause::no_answer, "does not answer yet", forward.plan.name));
    }
  }
  return problems;
}

void Supervisor::settle(bool time_is_up, const std::shared_ptr<Waiter>& only) {
  if (waiters_.empty()) return;
  const auto problems = verdict(time_is_up);
  if (!problems) return;
  std::vector<std::shared_ptr<Waiter>> done;
  std::erase_if(waiters_, [&](const auto& waiter) {
    if (only && waiter != only) return false;
    done.push_back(waiter);
    return true;
  });
  for (const auto& waiter : done) {
    waiter->timer.cancel();
    asio::post(io_, [ready = std::move(waiter->done), problems] { ready(*problems); });
  }
}

void Supervisor::wait_ready(std::chrono::milliseconds limit, Ready done) {
  auto waiter = std::make_shared<Waiter>(Waiter{asio::steady_timer(io_, limit), std::move(done)});
  waiters_.push_back(waiter);
  waiter->timer.async_wait([this, alive = alive_, waiter](std::error_code error) {
    if (!error && *alive) settle(true, waiter);
  });
  settle(false);
}

}  // namespace labctl::tunnels
