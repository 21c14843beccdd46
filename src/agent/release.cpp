#include "agent/release.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace labctl::agent {
namespace {

using namespace std::chrono_literals;

constexpr auto budget = 1200s;  // contract 4.1: 1,200 polls, one per second
// The new master restores, runs the repository's script and starts. That may take long, but then it
// publishes or calls off.
constexpr auto publication_budget = 3h;
constexpr auto look = 1s;

std::string call_off_key(const std::string& app) { return "migrate/" + app + "@called-off"; }

}  // namespace

void call_off(LocalNode& node, const std::string& app, const std::string& event_id) {
  node.consul.put(call_off_key(app), to_text({event_id, {}}), Deadline::in(1min));
}

bool called_off(LocalNode& node, const std::string& app, const std::string& event_id) {
  const auto pair = node.consul.get(call_off_key(app), Deadline::in(1min));
  return pair && parse_mark(pair->value).event_id == event_id;
}

bool hear_call_off(LocalNode& node, const std::string& app, const std::string& event_id) {
  if (!called_off(node, app, event_id)) return false;
  node.consul.put(call_off_key(app), to_text({event_id, {}, true}), Deadline::in(1min));
  return true;
}

void clear_call_off(LocalNode& node, const std::string& app) {
  node.consul.remove(call_off_key(app), Deadline::in(1min));
}

void put_mark(LocalNode& node, const std::string& app, const std::string& word, const Mark& mark) {
  node.consul.put(contract::migrate_prefix(app) + word, to_text(mark), Deadline::in(1min));
}

namespace {

// The first mark under `prefix` that is not of another event, with its word (the last segment of its key).
std::optional<std::pair<std::string, Mark>> own_mark(const std::vector<consul::KeyValue>& pairs,
                                                     const std::string& prefix, const std::string& event_id) {
  for (const auto& pair : pairs) {
    if (!pair.key.starts_with(prefix)) continue;
    Mark mark = parse_mark(pair.value);
    std::string word = pair.key.substr(pair.key.rfind('/') + 1);
    if (judge(word, mark, event_id) != Verdict::stale) return std::pair(std::move(word), std::move(mark));
    spdlog::warn("{} is of another event, ignored", pair.key);
  }
  return std::nullopt;
}

}  // namespace

bool PeerWatch::dead() {
  const auto checks = node_.consul.node_checks(name_, Deadline::in(10s));
  const bool alive = std::any_of(checks.begin(), checks.end(), [](const consul::HealthCheck& check) {
    return check.id == "serfHealth" && check.status != "critical";
  });
  if (alive) {
    since_.reset();
  } else if (!since_) {
    since_ = Deadline::in(patience);
    spdlog::warn("Consul reports node {} as dead", name_);
  }
  return since_ && since_->passed();
}

Mark await_release(LocalNode& node, const std::string& app, const std::string& event_id,
                   const std::string& sender) {
  const std::string prefix = contract::migrate_prefix(app);
  // One query returns the marks and the key of call_off().
  const std::string both = prefix.substr(0, prefix.size() - 1);
  const auto deadline = Deadline::in(budget);
  const WorkSlot::Rest rest(node.slot);
  PeerWatch peer(node, sender);
  std::uint64_t index = 0;
  while (!deadline.passed()) {
    try {
      // Short queries, so that a dead sender is detected long before the deadline.
      const auto marks = node.consul.list(both, consul::Blocking{index}, deadline.at_most(look));
      index = marks.index;
      const bool told = std::any_of(marks.value.begin(), marks.value.end(),
                                    [&](const auto& pair) { return pair.key == call_off_key(app); });
      if (told && hear_call_off(node, app, event_id)) throw CalledOff(sender);
      if (const auto found = own_mark(marks.value, prefix, event_id)) {
        node.consul.remove_prefix(prefix, Deadline::in(1min));
        if (judge(found->first, found->second, event_id) == Verdict::go) return found->second;
        throw CalledOff(sender, "the sender reports a failed transfer");
      }
      if (peer.dead()) {
        throw Error(Kind::unavailable,
                    "the sender's node is dead and nothing under " + prefix + " releases us", sender,
                    "to go on with the snapshots that are here, put any key there and fire the event again");
      }
    } catch (const CalledOff&) {
      throw;
    } catch (const Error& error) {
      if (!may_pass(error) || peer.known_dead()) throw;
      index = 0;  // Consul had no leader; a new leader may restart the index
    }
  }
  throw Error(Kind::timeout, fmt_seconds("nothing under " + prefix + " after", deadline.budget()), sender,
              "put any key there to go on with the snapshots that are here");
}

void await_publication(LocalNode& node, const std::string& app, const std::string& event_id,
                       const std::string& old_deploy_id, const std::string& receiver) {
  const auto deadline = Deadline::in(publication_budget);
  const WorkSlot::Rest rest(node.slot);
  PeerWatch peer(node, receiver);
  const std::string key = contract::app_key(app);
  std::uint64_t index = 0;
  while (!deadline.passed()) {
    try {
      const auto pair = node.consul.get(key, consul::Blocking{index}, deadline.at_most(look));
      index = pair.index;
      if (!pair.value) return;  // the app was destroyed: there is nothing to wait for
      try {
        if (contract::parse_record(pair.value->value).deploy_id != old_deploy_id) return;
      } catch (const Error& error) {
        spdlog::warn("{}: {}", key, error.line());
      }
      if (called_off(node, app, event_id)) throw CalledOff(receiver);
      if (peer.dead()) break;
    } catch (const CalledOff&) {
      throw;
    } catch (const Error& error) {
      if (!may_pass(error)) throw;
      index = 0;
    }
  }
  // The new master may be alive but unreachable. It checks for the call-off before it publishes.
  call_off(node, app, event_id);
  throw CalledOff(receiver, peer.known_dead()
                                ? "the new master's node died before it published"
                                : fmt_seconds("the new master has not published after", deadline.budget()));
}

bool await_call_off_heard(LocalNode& node, const std::string& app, const std::string& event_id,
                          const std::string& old_deploy_id, const std::string& receiver) {
  const auto deadline = Deadline::in(1min);
  PeerWatch peer(node, receiver);
  std::uint64_t index = 0;
  for (bool last = false;;) {
    try {
      const auto key = node.consul.get(call_off_key(app), consul::Blocking{index}, deadline.at_most(look));
      index = key.index;
      const auto record = node.record(app);
      if (record && record->deploy_id != old_deploy_id) {
        clear_call_off(node, app);
        return true;
      }
      if (last || !key.value) return false;
      const auto mark = parse_mark(key.value->value);
      if (mark.heard || mark.event_id != event_id) return false;
      last = deadline.passed() || peer.dead();
    } catch (const Error& error) {
      if (!may_pass(error) || last) throw;
      index = 0;
      last = deadline.passed();
    }
  }
}

std::string youngest_snapshot(LocalNode& node, const std::string& volume) {
  std::string youngest;
  for (const auto& name : node.volumes.snapshots(volume)) {
    if (std::count(name.begin(), name.end(), '@') == 1) youngest = name;  // snapshots() sorts them
  }
  return youngest;
}

}  // namespace labctl::agent
