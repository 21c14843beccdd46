#include "cluster/event_wait.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/log_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <random>
#include <string_view>
#include <utility>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;

// A handler starts soon after its event. If it has not started after this time, it never will.
constexpr auto reception_budget = 10s;
// When every handler has finished, its last change in Consul may not have reached us yet.
constexpr auto grace = 2s;
constexpr auto probe_budget = 2s;
// How many log lines of a node an error quotes: if it is about that node, and if it is about all nodes.
constexpr std::size_t most_lines = 20, few_lines = 4;
// How many log lines of a node are kept: the first and the last.
constexpr std::size_t lines_kept = 2000;

std::string random_hex() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

bool is_outage(const Error& error) {
  return error.kind() == Kind::unreachable || error.kind() == Kind::unavailable ||
         error.kind() == Kind::timeout;
}

// Tells the cluster's listener that a wait begins, and if it was not given up, that it ends.
class WaitNotice {
public:
  WaitNotice(const Cluster& cluster, std::string awaited) : cluster_(cluster), awaited_(std::move(awaited)) {
    cluster_.tell({Happening::Type::wait_begins, "", awaited_});
  }
  ~WaitNotice() {
    if (std::uncaught_exceptions() == exceptions_) cluster_.tell({Happening::Type::wait_ends, "", awaited_});
  }
  WaitNotice(const WaitNotice&) = delete;
  WaitNotice& operator=(const WaitNotice&) = delete;

private:
  const Cluster& cluster_;
  std::string awaited_;
  int exceptions_ = std::uncaught_exceptions();
};

}  // namespace

EventWait::EventWait(Cluster& cluster, std::vector<contract::AppName> apps, Hooks hooks)
    : cluster_(cluster),
      apps_(std::move(apps)),
      hooks_(std::move(hooks)),
      watch_(cluster, apps_.front().app) {}

void EventWait::begin(const std::string& event_id) {
  id_ = event_id;
  barrier_.emplace(cluster_.nodes(), apps_.size(), event_id, Barrier::Clock::now());
}

void EventWait::fire(const std::string& name, const std::string& payload, const std::string& acting) {
  name_ = name;
  acting_ = acting;
  begin(cluster_.consul().fire_event(name, payload, cluster_.within(call_budget)));
  cluster_.tell({Happening::Type::fired, "", id_});
  if (hooks_.on_fired) hooks_.on_fired(id_);
}

void EventWait::until(const std::function<bool()>& done, const std::string& awaited,
                      std::chrono::milliseconds budget) {
  const auto deadline = cluster_.within(budget);
  const auto reception = deadline.at_most(reception_budget);
  bool reception_checked = false;
  std::optional<Deadline> last_moment;
  const WaitNotice notice(cluster_, awaited);
  while (!done()) {
    if (!last_moment && barrier_->through()) {
      last_moment = deadline.at_most(grace);
      read_anew(deadline);
      continue;
    }
    if (next(last_moment ? *last_moment : reception_checked ? deadline : reception)) continue;
    if (deadline.passed()) throw late(awaited + " did not come", deadline);
    if (last_moment) {
      read_anew(deadline);
      if (!done()) throw nothing_comes(awaited);
    } else {
      reception_checked = true;
      check_reception();
    }
  }
}

// Repeats the call after each outage of Consul, until the deadline.
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
  const WaitNotice notice(cluster_, "the end of the maintenance key");
  const auto key = contract::maintenance_key(apps_.front().app);
  // Read the key again: the two keys are watched independently, so the known state of this one may be older
  // than that of the other.
  while (with_consul(deadline, [&] { return cluster_.consul().get(key, deadline).has_value(); })) {
    std::optional<Happening> happening;
    do {
      happening = next(deadline);
      if (!happening) throw late("the end of the maintenance key did not come", deadline, key);
    } while (happening->type != Happening::Type::maintenance);
  }
}

void EventWait::until_through(std::chrono::milliseconds budget) {
  const auto deadline = cluster_.within(budget);
  const WaitNotice notice(cluster_, "the end of event " + name_ + " on every node");
  while (!barrier_->through()) {
    if (!next(deadline)) {
      throw late("the end of event " + name_ + " did not come", deadline, join(barrier_->waiting(), ", "));
    }
  }
}

std::vector<std::string> EventWait::settle(Deadline deadline) {
  begin({});
  while (!barrier_->through() && next(deadline)) {
  }
  return barrier_->waiting();
}

std::optional<Happening> EventWait::next(Deadline deadline) {
  do {
    fire_due(deadline);
    const auto pause = barrier_->next_due() - Barrier::Clock::now();
    auto happening = watch_.next(deadline.at_most(std::max<Deadline::Clock::duration>(pause, {})));
    if (happening) {
      note(*happening);
      return happening;
    }
  } while (!deadline.passed());
  return std::nullopt;
}

void EventWait::fire_due(Deadline deadline) {
  for (const auto& due : barrier_->due(Barrier::Clock::now())) {
    const auto name = std::string(barrier_prefix) + random_hex();
    const auto payload = contract::to_payload(contract::DestroyRequest{apps_.at(due.app)});
    auto filter =
        due.nodes.size() == cluster_.nodes().size() ? std::string() : consul::node_filter(due.nodes);
    if (payload.size() > consul::usable_payload(name, filter)) filter.clear();
    try {
      const auto id = cluster_.consul().fire_event(name, payload, deadline.at_most(call_budget), filter);
      barrier_->fired(due, name, id, Barrier::Clock::now());
    } catch (const Error& e) {
      if (!is_outage(e)) throw;
      barrier_->not_fired(due, Barrier::Clock::now());
    }
  }
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
      const bool answer = line.find(barrier_prefix) != std::string::npos;  // to any wait
      const auto waited_for = barrier_->waiting();
      barrier_->logged(happening.node, line, !answer && is_error(line), Barrier::Clock::now());
      tell_done(waited_for);
      if (answer) break;
      auto& lines = logged_[happening.node];
      if (lines.size() == lines_kept) lines.erase(lines.begin() + lines_kept / 2);
      lines.push_back(line);
      break;
    }
    case Happening::Type::event_taken: {
      const auto waited_for = barrier_->waiting();
      barrier_->taken(happening.node, *happening.value);
      tell_done(waited_for);
      break;
    }
    case Happening::Type::docker:
    case Happening::Type::fired:
    case Happening::Type::event_done:
    case Happening::Type::wait_begins:
    case Happening::Type::wait_ends:
      break;
  }
}

// Tells which of these nodes are not waited for any more.
void EventWait::tell_done(const std::vector<std::string>& waited_for) const {
  if (id_.empty()) return;
  const auto waiting = barrier_->waiting();
  for (const auto& node : waited_for) {
    if (std::find(waiting.begin(), waiting.end(), node) == waiting.end())
      cluster_.tell({Happening::Type::event_done, node, id_});
  }
}

// After reception_budget: throws if no handler has accepted the event. A handler writes the event's id before
// any other action (contract 2.2).
void EventWait::check_reception() {
  if (barrier_->event_taken() || taken(cluster_, id_)) return;
  throw Error(Kind::unavailable,
              fmt::format("no deploy handler accepted event {} {} within {} s: its id is not in {}", name_,
                          id_, reception_budget / 1s, cluster_.events_log()),
              join(cluster_.nodes(), ", "), "is the handler configured as a Consul watch?");
}

// The watch reports a change a moment after Consul has it, so this reads the keys directly.
void EventWait::read_anew(Deadline deadline) {
  const auto& app = apps_.front().app;
  const auto read = [&](const std::string& key, Happening::Type type) {
    const auto found = with_consul(deadline, [&] { return cluster_.consul().get(key, deadline); });
    const Happening happening{type, "", found ? std::optional(found->value) : std::nullopt};
    cluster_.tell(happening);
    note(happening);
  };
  read(contract::app_key(app), Happening::Type::app_key);
  read(contract::maintenance_key(app), Happening::Type::maintenance);
}

Error EventWait::late(const std::string& what, Deadline deadline, const std::string& where) {
  auto text = fmt_seconds(what + " within", deadline.budget());
  auto kind = Kind::timeout;
  if (const auto outage = watch_.outage()) {
    text += "; " + outage->text();
    if (outage->lasts) kind = outage->kind;
  } else {
    // A forward that accepts data but never answers causes no error, because the watch still waits. So ask
    // Consul directly.
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

Error EventWait::nothing_comes(const std::string& awaited) const {
  auto text = fmt::format("{} did not come, though every node has finished event {}", awaited, name_);
  const auto without = barrier_->without_event();
  if (!without.empty()) {
    text += fmt::format("; {} accepted later events, but not this one: its id is not in {}",
                        join(without, ", "), cluster_.events_log());
  }
  return {Kind::unavailable, text + "; " + last_state(), acting_};
}

std::string EventWait::last_state() const {
  const auto& app = apps_.front().app;
  std::string state = "last state: " + contract::app_key(app);
  if (!key_) {
    state += " absent";
  } else {
    try {
      state += " with deploy_id " + contract::parse_record(*key_).deploy_id;
    } catch (const Error&) {
      state += " unreadable";
    }
  }
  state += maintenance_ ? ", maintenance on" : ", maintenance off";
  if (logged_.contains(acting_)) {
    state += telling(acting_, most_lines);
  } else {
    for (const auto& [node, lines] : logged_) state += telling(node, few_lines);
  }
  for (const auto& source : watch_.blind()) state += "\nnot seen: " + source;
  return state;
}

std::string EventWait::telling(const std::string& node, std::size_t limit) const {
  std::string text;
  for (const auto& line : telling_lines(logged_.at(node), apps_, id_, limit))
    text += fmt::format("\n{} logged: {}", node, line);
  return text;
}

}  // namespace labctl::cluster
