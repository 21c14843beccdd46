#include "scenarios/snapshots.hpp"

#include "base/text.hpp"
#include "runner/check.hpp"
#include "scenarios/per_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace labctl::scenarios {
namespace {

using namespace std::chrono_literals;
using runner::check;

// By default, the plugin passes through its schedule every 60 s.
constexpr auto three_passes = 190s;
// The plugin gives no event when it has taken or received a snapshot. So we look again after a pause.
constexpr auto pause_between_looks = 1s;

// The last snapshot of a volume that its node has noted as sent to `address`, by the receiver's name for it;
// "" if there is none.
std::string last_sent(const std::vector<observe::Snapshot>& all, const std::string& volume,
                      const std::string& address) {
  std::string last;
  for (const auto& one : all) {
    if (one.volume == volume && one.sent_to == address) last = std::max(last, one.name);
  }
  return last.substr(0, last.rfind('@'));  // "VOLUME@TIME@ADDRESS"
}

std::set<std::string> managed_volumes(const Placed& s) {
  std::set<std::string> volumes;
  for (const auto& key : s.service.managed_keys()) volumes.insert(s.volume(key));
  return volumes;
}

// Waits for a look at which `found` has each volume.
void await_each(Cluster& c, const Placed& s, const std::set<std::string>& volumes, const std::string& what,
                const std::string& node, const std::function<Things(const observe::Observation&)>& found) {
  const auto deadline = c.within(three_passes);
  while (true) {
    const auto there = found(observe::Observation(c, s.app));
    std::vector<std::string> missing;
    for (const auto& volume : volumes) {
      if (!there.contains(volume)) missing.push_back(volume);
    }
    if (missing.empty()) return;
    check(!deadline.passed(), what + " of each of these volumes within three passes",
          "none of " + join(missing, ", "), node);
    c.docker(node).watch([](const docker::EngineEvent&) { return true; },
                         deadline.at_most(pause_between_looks), 0, {{"type", {"volume"}}});
  }
}

void await_snapshots_of(Cluster& c, const Placed& s, const std::string& node,
                        const std::set<std::string>& volumes) {
  await_each(c, s, volumes, "a new snapshot", node, [&](const observe::Observation& now) {
    Things found;
    for (const auto& [volume, names] : new_snapshots(now, s, node)) found.insert(volume);
    return found;
  });
}

}  // namespace

NewSnapshots new_snapshots(const observe::Observation& now, const Placed& s, const std::string& node) {
  std::set<std::string> old;
  if (s.before) {
    for (const auto& one : s.before->snapshots.at(node)) old.insert(one.name);
  }
  NewSnapshots found;
  for (const auto& one : now.snapshots.at(node)) {
    if (one.sent_to.empty() && !old.contains(one.name)) found[one.volume].insert(one.name);
  }
  return found;
}

void await_snapshots(Cluster& c, const Placed& s, const std::string& node) {
  await_snapshots_of(c, s, node, managed_volumes(s));
}

void await_replicated(Cluster& c, const Placed& s, const std::string& from, const std::string& to) {
  await_each(c, s, managed_volumes(s), "a new snapshot that " + from + " says it sent", to,
             [&](const observe::Observation& now) {
               Things found;
               for (const auto& [volume, names] : new_snapshots(now, s, to)) {
                 if (names.contains(last_sent(now.snapshots.at(from), volume, now.address(to))))
                   found.insert(volume);
               }
               return found;
             });
}

void await_scheduled_snapshots(Cluster& c, const Placed& s, const std::string& node) {
  // Without a mark, volumes have the same names in every run. Their first snapshot may be from an earlier
  // run, and may have been removed since.
  if (c.slot().plain()) return;
  std::set<std::string> volumes;
  const observe::Observation now(c, s.app);
  for (const auto& job : now.schedules.at(node)) {
    if (job.kind() == "snapshot" || job.kind() == "replicate") volumes.insert(job.volume);
  }
  await_snapshots_of(c, s, node, volumes);
}

runner::Block<Placed> sent(const std::string& from, const std::string& to) {
  runner::Block<Placed> block;
  block.should(fmt::format("keep on {} the snapshots that it sent to {}, where they are too", from, to),
               [=](Cluster&, Placed& s) {
                 std::set<std::string> received;
                 for (const auto& one : s.seen->snapshots.at(to)) received.insert(one.name);
                 for (const auto& volume : s.deployment.before->volumes) {
                   const auto end = "@" + s.seen->address(to);
                   const auto name = last_sent(s.seen->snapshots.at(from), volume, s.seen->address(to));
                   check(!name.empty(), "a snapshot " + volume + "@…" + end, "none", from);
                   check(received.contains(name), name, "not there", to);
                 }
               });
  return block;
}

}  // namespace labctl::scenarios
