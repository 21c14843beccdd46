#include "agent/release.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace labctl::agent {
namespace {

using namespace std::chrono_literals;

constexpr auto budget = 1200s;  // contract: 1200 polls of a second

std::string call_off_key(const std::string& app) { return "migrate/" + app + "@called-off"; }

}  // namespace

void call_off(Node& node, const std::string& app, const std::string& event_id) {
  node.consul.put(call_off_key(app), to_text({event_id, {}}), Deadline::in(1min));
}

bool called_off(Node& node, const std::string& app, const std::string& event_id) {
  const auto pair = node.consul.get(call_off_key(app), Deadline::in(1min));
  if (!pair || parse_mark(pair->value).event_id != event_id) return false;
  clear_call_off(node, app);
  return true;
}

void clear_call_off(Node& node, const std::string& app) {
  node.consul.remove(call_off_key(app), Deadline::in(1min));
}

void put_mark(Node& node, const std::string& app, const std::string& word, const Mark& mark) {
  node.consul.put(cluster::migrate_prefix(app) + word, to_text(mark), Deadline::in(1min));
}

Mark await_release(Node& node, const std::string& app, const std::string& event_id,
                   const std::string& sender) {
  const std::string prefix = cluster::migrate_prefix(app);
  // One query sees the marks and the key of call_off().
  const std::string both = prefix.substr(0, prefix.size() - 1);
  const auto deadline = Deadline::in(budget);
  const WorkSlot::Rest rest(node.slot);
  std::uint64_t index = 0;
  while (!deadline.passed()) {
    const auto marks = node.consul.list(both, consul::Blocking{index}, deadline.at_most(4min));
    index = marks.index;
    for (const auto& pair : marks.value) {
      if (pair.key == call_off_key(app) && called_off(node, app, event_id)) {
        throw Error(Kind::unavailable, "the sender has called the move off", sender,
                    "see its /deploy/handler.log");
      }
      if (!pair.key.starts_with(prefix)) continue;
      const std::string word = pair.key.substr(pair.key.rfind('/') + 1);
      Mark mark = parse_mark(pair.value);
      const Verdict verdict = judge(word, mark, event_id);
      if (verdict == Verdict::stale) {
        spdlog::warn("{}: {} is of another event, ignored", app, pair.key);
        continue;
      }
      node.consul.remove_prefix(prefix, Deadline::in(1min));
      if (verdict == Verdict::stop) {
        throw Error(Kind::unavailable, "the sender reports a failed transfer", sender,
                    "what it had keeps serving; see its /deploy/handler.log");
      }
      return mark;
    }
  }
  throw Error(Kind::timeout, fmt_seconds("nothing under " + prefix + " after", deadline.budget()), sender,
              "put any key there to go on with the snapshots that are here");
}

std::string youngest_snapshot(Node& node, const std::string& volume) {
  std::string youngest;
  for (const auto& name : node.volumes.snapshots(volume)) {
    if (std::count(name.begin(), name.end(), '@') == 1) youngest = name;  // they come sorted
  }
  return youngest;
}

}  // namespace labctl::agent
