#pragma once

#include "runner/scenario.hpp"
#include "scenarios/data.hpp"
#include "scenarios/reach.hpp"
#include "scenarios/shoulds/placement.hpp"
#include "scenarios/snapshots.hpp"
#include "scenarios/steps.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

// Shared by scenarios that deploy one app twice.
namespace labctl::scenarios {

struct Move {
  std::string name;
  std::vector<std::string> tags;
  Placement from;
  Placement to;
  TestService service = master_branch();
};

std::string placed_words(const Placement& at);  // "with master core1 and slave core2", "alone on core1"

// Nodes of `from` that are not in `to`, and nodes that are in neither.
std::vector<std::string> left_nodes(const Move& move);
std::vector<std::string> other_nodes(const Move& move, const std::vector<std::string>& nodes);

// given: the service with one record, placed `from`. because: it is deployed `to`, with `act` if more must be
// done. Shoulds: placement, reach, data, the local cache, and leftovers on nodes that are not in `to`. The
// caller adds its own shoulds; the cleanup is included.
template <typename State>
runner::ScenarioBuilder<State> move_scenario(const Move& move, const std::vector<std::string>& nodes,
                                             typename runner::ScenarioBuilder<State>::Action act = {}) {
  if (!act) act = [to = move.to](Cluster& c, State& s) { deploy(c, s, to); };
  runner::ScenarioBuilder<State> builder(move.name);
  builder.summary(move.from.text() + " → " + move.to.text())
      .tags(move.tags)
      .given("a service with one record, " + placed_words(move.from),
             [=](Cluster& c, State& s) { given_service(c, s, move.service, move.from); })
      .because("it is deployed " + placed_words(move.to), std::move(act))
      .include(placement(move.service, move.to))
      .include(reachable(move.service))
      .include(data_kept(move.to.master))
      .include(move.from.master == move.to.master ? cache_kept(move.to.master) : cache_gone(move.to.master));
  for (const auto& node : left_nodes(move)) builder.include(left_empty(node));
  if (move.from.master != move.to.master) builder.include(sent(move.from.master, move.to.master));
  const auto others = other_nodes(move, nodes);
  if (!others.empty()) builder.include(uninvolved(others));
  return builder.cleanup("destroyed, nothing left", [](Cluster& c, State& s) { destroy(c, s); });
}

}  // namespace labctl::scenarios
