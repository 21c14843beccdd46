// The faults of a scenario are undone when it ends, however it ends.
#include "cluster/faults.hpp"

#include "fake.hpp"
#include "support/key_store.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::runner;
using namespace labctl::runner::test;

namespace {

void break_something(Cluster& c, NoState&) { c.faults().plant(cluster::WrittenKey{"broken", ""}); }

struct OnKeyStore {
  labctl::test::KeyStore consul;
  Recorder recorder;

  ScenarioResult run(const Scenario& scenario, const RunOptions& options = {}) {
    const auto make_cluster = [&](const cluster::Slot& slot) {
      return std::make_unique<Cluster>(consul.inventory(), slot);
    };
    return run_plan({{&scenario, 1}}, make_cluster, recorder, options).scenarios.at(0);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(runner_faults, OnKeyStore)

BOOST_AUTO_TEST_CASE(a_fault_is_undone_before_the_cleanup_whatever_happened) {
  for (const auto action : {pass, fail, break_down, interrupt}) {
    bool whole = false;
    const auto breaks = [&](Cluster& c, NoState& s) {
      break_something(c, s);
      BOOST_TEST(consul.keys.contains("broken"));
      action(c, s);
    };
    const auto result = run(fake("breaks").because("break", breaks).cleanup("look", [&](Cluster&, NoState&) {
      whole = consul.keys.empty();
    }));
    BOOST_TEST(whole);
    BOOST_TEST((result.steps.back().verdict == Verdict::passed));
  }
}

BOOST_AUTO_TEST_CASE(what_is_kept_for_a_look_is_not_kept_broken) {
  RunOptions options;
  options.keep = true;
  run(fake("breaks").because("break", break_something).should("fail", fail), options);
  BOOST_TEST(consul.keys.empty());
}

BOOST_AUTO_TEST_CASE(a_fault_that_cannot_be_undone_is_the_cleanups_error_and_the_rest_is_cleaned_up) {
  consul.on_write = [](const std::string& method) { return method == "PUT"; };
  bool cleaned = false;
  const auto clean = [&](Cluster&, NoState&) { cleaned = true; };
  const auto result = run(fake("breaks").because("break", break_something).cleanup("clean", clean));
  BOOST_TEST(cleaned);
  BOOST_TEST((result.steps.back().verdict == Verdict::errored));
  BOOST_TEST((result.outcome == Outcome::errored));
}

BOOST_AUTO_TEST_SUITE_END()
