#include "cluster/barrier.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;
using Clock = Barrier::Clock;

// All nodes get an event at nearly the same time. So wait for the others: one shot for all nodes is cheaper
// than one per node.
constexpr auto gathering = 1s;
// The wait before the first shot to a node that has not accepted our event: its handler may be busy, or its
// events.log may not be readable.
constexpr auto patience = 4s;
// An accepted shot is answered when all earlier events are done. After this time there is a new shot: the
// worker may have died.
constexpr auto patience_taken = 30s;
// The pause between shots grows: Consul keeps only 256 events for a busy handler.
constexpr auto first_pause = 2s;
constexpr double growth = 1.5;
constexpr auto longest_pause = 15s;
// The wait after a logged error, which may be the end of a batch: the handler's process needs a moment to
// end.
constexpr auto after_error = 300ms;
// After a shot that overtook our event. Without a pause, a Consul that does not answer would be called in a
// tight loop.
constexpr auto after_overtaking = 100ms;
// If a node answers a shot that was fired this long after our event, and has not accepted our event, it
// counts as a node that never will.
constexpr auto arrival = 10s;

Clock::duration pause_after(int tries) {
  const auto grown = std::chrono::duration<double>(first_pause) * std::pow(growth, std::min(tries, 20) - 1);
  return std::min<Clock::duration>(std::chrono::duration_cast<Clock::duration>(grown), longest_pause);
}

}  // namespace

Barrier::Barrier(std::vector<std::string> nodes, std::size_t apps, std::string event_id,
                 Clock::time_point now)
    : nodes_(std::move(nodes)), event_id_(std::move(event_id)), begin_(now) {
  for (std::size_t app = 0; app < apps; ++app) {
    for (const auto& node : nodes_) ways_.push_back({app, node, {}, 0, now, {}});
  }
}

bool Barrier::done(const Way& way) const {
  return never_took(way) || std::any_of(way.shots.begin(), way.shots.end(),
                                        [](const auto& shot) { return shot.answered && shot.in_order; });
}

bool Barrier::never_took(const Way& way) const {
  return !event_id_.empty() && !took_.contains(way.node) &&
         std::any_of(way.shots.begin(), way.shots.end(), [&](const auto& shot) {
           return shot.answered && shot.taken && shot.at - begin_ >= arrival;
         });
}

Clock::time_point Barrier::due(const Way& way) const {
  const bool took = took_.contains(way.node);
  if (way.tries == 0) {
    if (event_id_.empty() || took_.size() == nodes_.size()) return begin_;
    return begin_ + (took ? Clock::duration(gathering) : Clock::duration(patience));
  }
  const auto usual = way.last + pause_after(way.tries);
  if (way.shots.empty()) return usual;
  const auto& last = way.shots.back();
  if (last.in_order && last.taken) return way.last + patience_taken;
  if (last.taken && took) return way.last + after_overtaking;  // our event has arrived meanwhile
  if (way.hinted == Clock::time_point{}) return usual;
  return std::min(usual, std::max(way.hinted + after_error, way.last + pause_after(way.tries) / 4));
}

std::vector<Barrier::Due> Barrier::due(Clock::time_point now) const {
  std::map<std::size_t, std::vector<std::string>> nodes;
  for (const auto& way : ways_) {
    if (!done(way) && due(way) <= now) nodes[way.app].push_back(way.node);
  }
  std::vector<Due> all;
  for (auto& [app, names] : nodes) all.push_back({app, std::move(names)});
  return all;
}

Clock::time_point Barrier::next_due() const {
  auto next = Clock::time_point::max();
  for (const auto& way : ways_) {
    if (!done(way)) next = std::min(next, due(way));
  }
  return next;
}

void Barrier::fired(const Due& at, const std::string& name, const std::string& id, Clock::time_point now) {
  not_fired(at, now);
  for (auto& way : ways_) {
    if (way.app == at.app && std::find(at.nodes.begin(), at.nodes.end(), way.node) != at.nodes.end())
      way.shots.push_back({name, id, now, false, event_id_.empty(), false});
  }
}

void Barrier::not_fired(const Due& at, Clock::time_point now) {
  for (auto& way : ways_) {
    if (way.app != at.app || std::find(at.nodes.begin(), at.nodes.end(), way.node) == at.nodes.end())
      continue;
    ++way.tries;
    way.last = now;
    way.hinted = {};
  }
}

void Barrier::taken(const std::string& node, const std::string& id) {
  if (!event_id_.empty() && id == event_id_) took_.insert(node);
  for (auto& way : ways_) {
    if (way.node != node) continue;
    for (auto& shot : way.shots) {
      if (shot.id != id || shot.taken) continue;
      shot.taken = true;
      shot.in_order = event_id_.empty() || took_.contains(node);
    }
  }
}

void Barrier::logged(const std::string& node, const std::string& line, bool is_error, Clock::time_point now) {
  bool answer = false;
  for (auto& way : ways_) {
    if (way.node != node) continue;
    for (auto& shot : way.shots) {
      if (line.find("Unknown event name") == std::string::npos || line.find(shot.name) == std::string::npos)
        continue;
      answer = shot.answered = true;
    }
  }
  if (answer || !is_error) return;
  for (auto& way : ways_) {
    if (way.node == node && way.hinted == Clock::time_point{}) way.hinted = now;
  }
}

std::vector<std::string> Barrier::waiting() const {
  std::set<std::string> names;
  for (const auto& way : ways_) {
    if (!done(way)) names.insert(way.node);
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> Barrier::without_event() const {
  std::set<std::string> names;
  for (const auto& way : ways_) {
    if (never_took(way)) names.insert(way.node);
  }
  return {names.begin(), names.end()};
}

}  // namespace labctl::cluster
