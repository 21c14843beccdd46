#include "runner/check.hpp"
#include "scenarios/families.hpp"
#include "scenarios/moves.hpp"
#include "scenarios/per_node.hpp"
#include "scenarios/snapshots.hpp"

#include <fmt/format.h>

#include <map>

namespace labctl::scenarios {
namespace {

using runner::check;
using runner::check_equal;

struct Moved : Placed {
  std::optional<SeededRecord> late;  // posted between the event and maintenance
  std::string late_refused;          // why there is none
};

// Writes while the old master still serves: only the last pass of the transfer can carry it over.
void deploy_with_late_write(Cluster& c, Moved& s, const Placement& from, const Placement& to) {
  const auto write = [&](const std::string&) {
    try {
      s.late = create_record(c, s, from.master);
    } catch (const std::exception& e) {
      s.late_refused = e.what();
    }
  };
  deploy(c, s, to, {false, {write, {}}});
}

runner::Scenario move(const Nodes& n) {
  const Move move{"master-only-move", {"switch", "master-only"}, {n[1], ""}, {n[2], ""}};
  return move_scenario<Moved>(move, n,
                              [=](Cluster& c, Moved& s) { deploy_with_late_write(c, s, move.from, move.to); })
      .should("keep a record that was written after the event, before maintenance", [](Cluster& c, Moved& s) {
        check(s.late.has_value(), "201 for a record right after the event", s.late_refused);
        const auto names = as_set(record_names(c, s, s.deployment.record.master));
        check(names.contains(s.late->name), s.late->name, "not among the records",
              s.deployment.record.master);
      });
}

std::map<std::string, std::string> container_ids(cluster::Observation& seen, const std::string& node) {
  std::map<std::string, std::string> ids;
  for (const auto& one : seen.containers.at(node)) ids[one.name] = one.id;
  return ids;
}

runner::Scenario redeploy(const Nodes& n) {
  const auto node = n[2];
  const Move move{"master-only-redeploy", {"redeploy", "master-only"}, {node, ""}, {node, ""}};
  return move_scenario<Placed>(move, n,
                               [=](Cluster& c, Placed& s) {
                                 remember(c, s);
                                 deploy(c, s, move.to);
                               })
      .should("take a snapshot of each managed volume first",
              [=](Cluster& c, Placed& s) {
                const auto found = new_snapshots(c, s, node);
                for (const auto& key : s.service.managed_keys())
                  check(found.contains(s.volume(key)), "a new snapshot of " + s.volume(key), "none", node);
              })
      .should("send nothing",
              [=](Cluster&, Placed& s) {
                Things sent;
                for (const auto& one : s.seen->snapshots.at(node)) {
                  if (!one.sent_to.empty()) sent.insert(one.name);
                }
                check_equal(sent, Things{}, node);
              })
      .should("make every container anew",
              [=](Cluster&, Placed& s) {
                const auto old = container_ids(*s.before, node);
                for (const auto& [name, id] : container_ids(*s.seen, node)) {
                  check(old.contains(name), name + " before", "no such container", node);
                  check(old.at(name) != id, "another container " + name, "the same, " + id, node);
                }
              })
      .should("be in maintenance for a moment", [](Cluster&, Placed& s) {
        check(s.deployment.maintenance_seen, "the maintenance key between event and end", "never seen");
      });
}

}  // namespace

Scenarios master_only(const Nodes& n) { return {move(n), redeploy(n)}; }

}  // namespace labctl::scenarios
