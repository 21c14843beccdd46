#include "runner/check.hpp"
#include "scenarios/families/families.hpp"
#include "scenarios/moves.hpp"
#include "scenarios/per_node.hpp"
#include "scenarios/snapshots.hpp"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace labctl::scenarios {
namespace {

using runner::check;
using runner::check_equal;

struct Moved : Placed {
  std::vector<SeededRecord> late;  // answered 201 after the event was fired
  std::string last_refusal;        // the error that ended the writing
};

// Writes records through the old master until it refuses one. Only the last pass of the transfer can copy the
// last of them. A 201 is a promise that the record will not be lost.
class Writer {
public:
  Writer(Cluster& c, Moved& s, std::string node)
      : thread_([&c, &s, node = std::move(node)](const std::stop_token& stop) {
          std::mutex mutex;
          std::unique_lock lock(mutex);
          std::condition_variable_any stopped;
          while (!stop.stop_requested()) {
            try {
              s.late.push_back(create_record(c, s, node));
            } catch (const std::exception& e) {
              s.last_refusal = e.what();
              return;
            }
            stopped.wait_for(lock, stop, pause, [] { return false; });
          }
        }) {}

private:
  static constexpr std::chrono::milliseconds pause{20};  // a writer without pauses would slow down the move
  std::jthread thread_;
};

void deploy_with_late_writes(Cluster& c, Moved& s, const Placement& from, const Placement& to) {
  std::optional<Writer> writer;
  deploy(c, s, to, {false, {[&](const std::string&) { writer.emplace(c, s, from.master); }, {}}});
}

runner::Scenario move(const Nodes& n) {
  const Move move{"master-only-move", {"switch", "master-only"}, {n[1], {}}, {n[2], {}}};
  return move_scenario<Moved>(
             move, n, [=](Cluster& c, Moved& s) { deploy_with_late_writes(c, s, move.from, move.to); })
      .should("keep every record that was written after the event, until maintenance",
              [](Cluster&, Moved& s) {
                check(!s.late.empty(), "201 for a record after the event", s.last_refusal);
                Things missing;
                const auto names = record_names(s);
                for (const auto& record : s.late) {
                  if (!names.contains(record.name)) missing.insert(record.name);
                }
                check(missing.empty(), fmt::format("all {} records that were answered 201", s.late.size()),
                      fmt::format("{} of them are gone", missing.size()), s.master);
              });
}

std::map<std::string, std::string> container_ids(const observe::Observation& seen, const std::string& node) {
  std::map<std::string, std::string> ids;
  for (const auto& one : seen.containers.at(node)) ids[one.name] = one.id;
  return ids;
}

runner::Scenario redeploy_alone(const Nodes& n) {
  const auto& node = n[2];
  const Move move{"master-only-redeploy", {"redeploy", "master-only"}, {node, {}}, {node, {}}};
  return move_scenario<Placed>(move, n,
                               [=](Cluster& c, Placed& s) {
                                 await_scheduled_snapshots(c, s, node);
                                 remember(c, s);
                                 deploy(c, s, move.to);
                               })
      .should("take a snapshot of each managed volume first",
              [=](Cluster&, Placed& s) {
                const auto found = new_snapshots(*s.seen, s, node);
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

Scenarios master_only(const Nodes& n) { return {move(n), redeploy_alone(n)}; }

}  // namespace labctl::scenarios
