#include "cluster/event_wait.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;

// A handler starts within a moment of its event; one that has not by then never will.
constexpr auto reception_budget = 10s;
// An error line is not always the end of a deployment.
constexpr auto grace_after_error = 5s;
constexpr auto barrier_budget = 30s;
constexpr auto probe_budget = 2s;

std::string random_hex() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

std::string events_log(const Cluster& cluster) { return cluster.conventions().deploy_root + "/events.log"; }

bool is_outage(const Error& error) {
  return error.kind() == Kind::unreachable || error.kind() == Kind::unavailable ||
         error.kind() == Kind::timeout;
}

}  // namespace

EventWait::EventWait(Cluster& cluster, std::vector<AppName> apps, Hooks hooks)
    : cluster_(cluster),
      apps_(std::move(apps)),
      hooks_(std::move(hooks)),
      watch_(cluster, apps_.front().app) {}

void EventWait::fire(const std::string& name, const std::string& payload) {
  name_ = name;
  id_ = cluster_.consul().fire_event(name, payload, cluster_.within(call_budget));
  cluster_.tell({Happening::Type::fired, "", id_});
  if (hooks_.on_fired) hooks_.on_fired(id_);
}

void EventWait::until(const std::function<bool()>& done, const std::string& awaited,
                      std::chrono::milliseconds budget) {
  auto deadline = cluster_.within(budget);
  const auto reception = deadline.at_most(reception_budget);
  bool reception_checked = false;
  while (!done()) {
    const bool patient = reception_checked || failing_;
    if (next(patient ? deadline : reception)) {
      if (!errors_.empty() && !failing_) {
        failing_ = true;
        deadline = deadline.at_most(grace_after_error);
      }
    } else if (failing_) {
      throw reported();
    } else if (deadline.passed()) {
      throw late(awaited + " did not come", deadline);
    } else {
      reception_checked = true;
      check_reception();
    }
  }
}

// Asks Consul again whenever it is back, until the deadline.
template <typename Call>
auto EventWait::with_consul(Deadline deadline, Call call) {
  while (true) {
    try {
      return call();
    } catch (const Error& e) {
      if (!is_outage(e) || deadline.passed()) throw;
      watch_.await_consul(deadline);
      if (deadline.passed()) throw;
    }
  }
}

void EventWait::until_served() {
  const auto deadline = cluster_.within(call_budget);
  const auto key = maintenance_key(apps_.front().app);
  // Read anew: the two keys are watched side by side, and what is known of this one may be the older.
  while (with_consul(deadline, [&] { return cluster_.consul().get(key, deadline).has_value(); })) {
    std::optional<Happening> happening;
    do {
      happening = next(deadline);
      if (!happening) throw late("the end of the maintenance key did not come", deadline, key);
    } while (happening->type != Happening::Type::maintenance);
  }
}

std::vector<std::string> EventWait::barrier(Deadline deadline) {
  std::set<std::pair<std::string, std::string>> waiting;  // event name, node
  barrier_ids_.clear();
  for (const auto& app : apps_) {
    const auto name = "labctl-barrier-" + random_hex();
    barrier_ids_.push_back(with_consul(deadline, [&] {
      return cluster_.consul().fire_event(name, to_payload(DestroyRequest{app}), deadline);
    }));
    for (const auto& node : cluster_.nodes()) waiting.emplace(name, node);
  }
  while (!waiting.empty()) {
    const auto happening = next(deadline);
    if (!happening) break;
    if (happening->type != Happening::Type::log_line) continue;
    std::erase_if(waiting, [&](const auto& one) {
      return one.second == happening->node && happening->value->find(one.first) != std::string::npos;
    });
  }
  std::set<std::string> late;
  for (const auto& [name, node] : waiting) late.insert(node);
  return {late.begin(), late.end()};
}

void EventWait::until_through(Deadline deadline) {
  // Events that are fired in one breath may reach a node the other way round, and a barrier before its event says
  // nothing: the order is read from what the handler wrote on receipt.
  do {
    const auto waiting = barrier(deadline);
    if (!waiting.empty()) {
      throw late("the end of the handler's work on event " + name_ + " did not come", deadline,
                 join(waiting, ", "));
    }
  } while (!in_order_everywhere(barrier_ids_));
}

void EventWait::until_everywhere() {
  const auto deadline = cluster_.within(barrier_budget);
  const auto waiting = barrier(deadline);
  if (!waiting.empty()) {
    throw late("the end of the handler's work on event " + name_ + " did not come", deadline,
               join(waiting, ", "));
  }
  if (!errors_.empty()) throw reported();
}

std::optional<Happening> EventWait::next(Deadline deadline) {
  auto happening = watch_.next(deadline);
  if (happening) note(*happening);
  return happening;
}

void EventWait::note(const Happening& happening) {
  switch (happening.type) {
    case Happening::Type::app_key:
      key_ = happening.value;
      key_read_ = true;
      break;
    case Happening::Type::maintenance:
      maintenance_ = happening.value.has_value();
      if (maintenance_ && !std::exchange(maintenance_seen_, true) && hooks_.on_maintenance)
        hooks_.on_maintenance();
      break;
    case Happening::Type::log_line: {
      const auto& line = *happening.value;
      last_lines_[happening.node] = line;
      const auto about = [&](const AppName& app) { return is_error_about(line, app, id_); };
      if (std::any_of(apps_.begin(), apps_.end(), about)) {
        if (errors_.empty()) first_error_node_ = happening.node;
        errors_[happening.node].push_back(line);
      }
      break;
    }
    case Happening::Type::docker:
    case Happening::Type::fired:
      break;
  }
}

// Without a word for so long: is there a handler at all? The contract has it write the event's id first of all.
void EventWait::check_reception() {
  if (taken(cluster_, id_)) return;
  throw Error(Kind::unavailable,
              fmt::format("no node's handler took event {} {} within {} s: it is not in {}", name_, id_,
                          reception_budget / 1s, events_log(cluster_)),
              join(cluster_.nodes(), ", "), "is the handler configured as a Consul watch?");
}

bool EventWait::in_order_everywhere(const std::vector<std::string>& later) {
  std::vector<std::string> grep{"grep", "-xF", "-e", id_};
  for (const auto& id : later) {
    grep.emplace_back("-e");
    grep.push_back(id);
  }
  grep.push_back(events_log(cluster_));
  const auto in_order = cluster_.on_nodes(cluster_.nodes(), [&](const std::string& node) {
    const auto found = lines(cluster_.exec_checked(node, grep));
    return !found.empty() && found.front() == id_;
  });
  return std::all_of(in_order.begin(), in_order.end(), [](const auto& one) { return one.second; });
}

Error EventWait::late(const std::string& what, Deadline deadline, const std::string& where) {
  auto text = fmt_seconds(what + " within", deadline.budget());
  auto kind = Kind::timeout;
  if (const auto outage = watch_.outage()) {
    text += "; " + outage->text();
    if (outage->lasts) kind = outage->kind;
  } else {
    // A forward that swallows everything gives no error: the watch still waits for its answer.
    try {
      cluster_.consul().leader(Deadline::in(probe_budget));
    } catch (const Error& e) {
      if (e.kind() == Kind::interrupted) throw;
      text += "; Consul: " + e.line();
      kind = e.kind();
    }
  }
  return {kind, text + "; " + last_state(), where};
}

Error EventWait::reported() const {
  return {Kind::unavailable, "the handler reports: " + errors_.at(first_error_node_).front(),
          first_error_node_};
}

std::string EventWait::last_state() const {
  const auto& app = apps_.front().app;
  std::string state = "seen last: " + app_key(app);
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

}  // namespace labctl::cluster
