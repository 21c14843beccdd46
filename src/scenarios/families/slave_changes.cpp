#include "runner/check.hpp"
#include "scenarios/families/families.hpp"
#include "scenarios/moves.hpp"
#include "scenarios/per_node.hpp"
#include "scenarios/snapshots.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace labctl::scenarios {
namespace {

using runner::check_equal;

Things snapshot_names(const observe::Observation& seen, const std::string& node) {
  Things names;
  for (const auto& one : seen.snapshots.at(node)) names.insert(one.name);
  return names;
}

struct Released : Placed {
  Things replicated;  // what the slave had before it was released
};

runner::Scenario slave_released(const Nodes& n) {
  const auto &master = n[0], &slave = n[1];
  const Move move{"master-slave-to-master-only", {"slave", "snapshots"}, {master, slave}, {master, {}}};
  return move_scenario<Released>(move, n,
                                 [=](Cluster& c, Released& s) {
                                   await_snapshots(c, s, slave);
                                   observe::Observation now(c, s.app);
                                   s.replicated = snapshot_names(now, slave);
                                   deploy(c, s, move.to);
                                   remember(c, s);
                                 })
      .should(fmt::format("keep what was replicated on {}, and add nothing once {} takes its own snapshots",
                          slave, master),
              [=](Cluster& c, Released& s) {
                // Waits for a pass of the master's scheduler after the deployment. It takes snapshots but
                // must not send them.
                await_snapshots(c, s, master);
                observe::Observation now(c, s.app);
                const auto kept = snapshot_names(now, slave);
                check_equal(kept, snapshot_names(*s.before, slave), "snapshots on " + slave);
                runner::check(
                    std::includes(kept.begin(), kept.end(), s.replicated.begin(), s.replicated.end()),
                    runner::describe(s.replicated), runner::describe(kept), "snapshots on " + slave);
              });
}

runner::Scenario slave_added(const Nodes& n) {
  const auto &master = n[3], &slave = n[0];
  const Move move{"master-only-to-master-slave", {"slave", "snapshots"}, {master, {}}, {master, slave}};
  return move_scenario<Placed>(move, n).should(
      fmt::format("have its data replicated to {} within three passes", slave), [=](Cluster& c, Placed& s) {
        await_replicated(c, s, master, slave);
        observe::Observation now(c, s.app);
        Things sent;
        for (const auto& one : now.snapshots.at(master)) {
          if (one.sent_to == now.address(slave)) sent.insert(one.volume);
        }
        Things expected;
        for (const auto& key : s.service.managed_keys()) expected.insert(s.volume(key));
        check_equal(sent, expected, "volumes that " + master + " says it sent");
      });
}

// The slave receives scheduled snapshots before the master leaves.
runner::Scenario slave_promoted(const Nodes& n) {
  const Move move{"master-slave-to-master-only-promote-slave", {"slave", "switch"}, {n[0], n[1]}, {n[1], {}}};
  return move_scenario<Placed>(move, n, [=](Cluster& c, Placed& s) {
    await_snapshots(c, s, *move.from.slave);
    deploy(c, s, move.to);
  });
}

}  // namespace

Scenarios slave_changes(const Nodes& n) {
  const std::string gone = "master-slave-to-master-only", come = "master-only-to-master-slave";
  return {
      slave_released(n),
      slave_promoted(n),
      move_scenario<Placed>({gone + "-third-node", {"slave", "switch"}, {n[0], n[1]}, {n[2], {}}}, n),
      slave_added(n),
      move_scenario<Placed>(
          {come + "-old-master-becomes-slave", {"slave", "switch"}, {n[3], {}}, {n[0], n[3]}}, n),
      move_scenario<Placed>({come + "-both-new", {"slave", "switch"}, {n[3], {}}, {n[0], n[1]}}, n),
  };
}

}  // namespace labctl::scenarios
