#pragma once

#include "base/error.hpp"
#include "cluster/cluster.hpp"
#include "runner/run.hpp"
#include "runner/scenario.hpp"

#include <memory>
#include <string>
#include <vector>

// A cluster without any server, and scenarios that only record which steps were called.
namespace labctl::runner::test {

inline inventory::Inventory no_cluster() {
  inventory::Inventory inventory;
  inventory.nodes.push_back({"core1", "127.0.0.1", 22, "core", {}, {}, false});
  using inventory::Forward;
  inventory.forwards.push_back({"consul", {"core1"}, {"127.0.0.1", 1, ""}, {}, Forward::Kind::consul});
  inventory.forwards.push_back(
      {"docker_core1", {"core1"}, Endpoint::unix_socket("/nowhere"), {}, Forward::Kind::docker});
  return inventory;
}

inline std::unique_ptr<Cluster> make_no_cluster(const cluster::Slot& slot) {
  return std::make_unique<Cluster>(no_cluster(), slot);
}

using Trace = std::vector<std::string>;

class Recorder : public Observer {
public:
  void scenario_begins(const Running& run) override {
    trace.push_back("begin " + run.scenario.name + " " + std::to_string(run.attempt));
  }
  void step_begins(const Running&, Phase, const Step&) override {}
  void step_ends(const Running&, const StepResult& result) override {
    trace.push_back(std::string(to_string(result.phase)) + " " + std::string(to_string(result.verdict)));
  }
  void scenario_ends(const Running&, const ScenarioResult& result) override {
    trace.push_back("end " + std::string(to_string(result.outcome)));
  }

  Trace trace;
};

struct NoState {};

inline void pass(Cluster&, NoState&) {}
inline void fail(Cluster&, NoState&) { check_equal(1, 2, "core1"); }
inline void break_down(Cluster&, NoState&) { throw Error(Kind::unreachable, "nobody answers", "core1"); }
inline void interrupt(Cluster&, NoState&) { throw Error(Kind::interrupted, "interrupted"); }

// given, because, two shoulds, cleanup: each passes unless replaced.
inline ScenarioBuilder<NoState> fake(const std::string& name) {
  return scenario<NoState>(name)
      .summary("None → core1")
      .given("a given", pass)
      .because("a because", pass)
      .should("hold", pass)
      .cleanup("cleaned", pass);
}

}  // namespace labctl::runner::test
