#include "scenarios/new_service.hpp"

#include "scenarios/placement.hpp"
#include "scenarios/reach.hpp"
#include "scenarios/steps.hpp"

#include <fmt/format.h>

namespace labctl::scenarios {

runner::Scenario new_service(const std::string& master, const std::string& slave) {
  struct State : Placed {};
  return runner::scenario<State>("new-service")
      .summary(fmt::format("None → {}/{}", master, slave))
      .tags({"switch", "master-slave"})
      .given("a cluster without the test service",
             [](Cluster& c, State& s) {
               s.service = master_branch();
               without(c, s);
             })
      .because(fmt::format("it is deployed with master {} and slave {}", master, slave),
               [=](Cluster& c, State& s) { deploy(c, s, master, slave); })
      .include(ms_placement(master, slave))
      .include(reachable())
      .cleanup("destroyed, nothing left", [](Cluster& c, State& s) { destroy(c, s); });
}

}  // namespace labctl::scenarios
