#include "contract/names.hpp"
#include "runner/check.hpp"
#include "scenarios/families/families.hpp"
#include "scenarios/moves.hpp"
#include "scenarios/per_node.hpp"

#include <fmt/format.h>

// Between two deployments the branch moves to another commit, whose compose file has one managed volume more
// or one less.
namespace labctl::scenarios {
namespace {

const std::string changed = "anyblok_data";

struct Change {
  std::string name;
  Placement to;
};

// The placements to which the app moves from N4/N2: `own`, which has its own scenario name, and the other
// ones of the catalogue.
std::vector<Change> placements(const std::string& verb, const std::string& own_name, const Placement& own,
                               const Nodes& n) {
  return {{own_name, own},
          {verb + "-same-pair", {n[3], n[1]}},
          {verb + "-reversed-pair", {n[1], n[3]}},
          {verb + "-both-new", {n[0], n[2]}},
          {verb + "-master-only", {n[3], {}}}};
}

runner::ScenarioBuilder<Placed> change(const Change& change, const TestService& before,
                                       const TestService& after, const Nodes& n) {
  const Placement from{n[3], n[1]};
  const Move move{change.name, {"volumes"}, from, change.to, after};
  runner::ScenarioBuilder<Placed> builder(change.name);
  builder.summary(from.text() + " → " + change.to.text())
      .tags({"volumes", "known-issue"})
      .moves_branch()
      .given(fmt::format("a service as of {} with one record, {}", before.source, placed_words(from)),
             [=](Cluster& c, Placed& s) { given_service(c, s, before, from); })
      .because(fmt::format("its branch moves on to {}, and it is deployed {}", after.source,
                           placed_words(change.to)),
               [=](Cluster& c, Placed& s) {
                 change_to(c, s, after);
                 deploy(c, s, change.to);
               })
      .include(placement(after, change.to))
      .include(reachable(after))
      .include(record_kept())
      .include(file_absent(change.to.master))
      .include(from.master == change.to.master ? cache_kept(from.master) : cache_gone(change.to.master));
  for (const auto& node : left_nodes(move)) builder.include(left_empty(node));
  const auto others = other_nodes(move, n);
  if (!others.empty()) builder.include(uninvolved(others));
  builder.cleanup("destroyed, nothing left", [](Cluster& c, Placed& s) { destroy(c, s); });
  return builder;
}

runner::Scenario added(const Change& one, const Nodes& n) {
  return change(one, missing_volume_branch(), without_caddyfile_branch(), n);
}

runner::Scenario removed(const Change& one, const Nodes& n) {
  return change(one, without_caddyfile_branch(), missing_volume_branch(), n)
      .should("have the removed volume on no node",
              [](Cluster& c, Placed& s) {
                check_per_node(look(c,
                                    [&](const auto& node) {
                                      Things found;
                                      for (const auto& volume : s.seen->volumes.at(node)) {
                                        if (volume.name == s.volume(changed)) found.insert(volume.name);
                                      }
                                      return found;
                                    }),
                               expect(c, {}));
              })
      .should("schedule nothing for the removed volume, on any node",
              [](Cluster& c, Placed& s) {
                check_per_node(look(c,
                                    [&](const auto& node) {
                                      Things found;
                                      for (const auto& schedule : s.seen->schedules.at(node)) {
                                        if (schedule.volume == s.volume(changed))
                                          found.insert(schedule.text());
                                      }
                                      return found;
                                    }),
                               expect(c, {}));
              })
      .should(fmt::format("keep the removed volume's snapshots on {}", n[3]), [=](Cluster&, Placed& s) {
        Things found;
        for (const auto& snapshot : s.seen->snapshots.at(n[3])) {
          if (snapshot.volume == s.volume(changed)) found.insert(snapshot.name);
        }
        runner::check(!found.empty(), "a snapshot of " + s.volume(changed), "none", n[3]);
      });
}

}  // namespace

Scenarios volume_changes(const Nodes& n) {
  Scenarios all;
  for (const auto& one : placements("add-volume", "add-volume-change-slave", {n[3], n[0]}, n))
    all.push_back(added(one, n));
  for (const auto& one : placements("remove-volume", "remove-volume-change-master", {n[0], n[1]}, n))
    all.push_back(removed(one, n));
  return all;
}

}  // namespace labctl::scenarios
