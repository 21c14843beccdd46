#include "runner/check.hpp"
#include "scenarios/families/families.hpp"
#include "scenarios/moves.hpp"
#include "scenarios/per_node.hpp"
#include "scenarios/snapshots.hpp"

#include <fmt/format.h>

namespace labctl::scenarios {
namespace {

runner::ScenarioBuilder<Placed> first_deployment(const std::string& name, const Placement& at) {
  const auto service = master_branch();
  runner::ScenarioBuilder<Placed> builder(name);
  builder.summary("None → " + at.text())
      .given("a cluster without the test service", [=](Cluster& c, Placed& s) { without(c, s, service); })
      .because("it is deployed " + placed_words(at), [=](Cluster& c, Placed& s) { deploy(c, s, at); })
      .include(placement(service, at))
      .include(reachable(service))
      .cleanup("destroyed, nothing left", [](Cluster& c, Placed& s) { destroy(c, s); });
  return builder;
}

runner::Scenario master_only_new(const Nodes& n) {
  const std::vector<std::string> others{n[1], n[2], n[3]};
  return first_deployment("master-only-new", {n[0], {}})
      .tags({"new", "master-only", "snapshots"})
      .should(fmt::format("have a snapshot of each managed volume on {} within three passes", n[0]),
              [=](Cluster& c, Placed& s) { await_snapshots(c, s, n[0]); })
      .include(uninvolved(others));
}

}  // namespace

Scenarios new_service(const Nodes& n) {
  const Placement pair{n[0], n[1]};
  return {first_deployment("new-service", pair).tags({"new", "master-slave"}), master_only_new(n)};
}

}  // namespace labctl::scenarios
