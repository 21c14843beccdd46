#include "runner/stock.hpp"

#include "fake.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

using namespace labctl;
using namespace labctl::runner;
using namespace labctl::runner::test;

namespace {

using Things = std::vector<std::string>;

StockLines stock(std::set<std::string> things) { return {std::move(things), {}}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_stock)

BOOST_AUTO_TEST_CASE(what_was_there_before_is_no_leak) {
  Audit audit(stock({"volume old on core1"}), "");
  BOOST_TEST(audit.leaked_by("", true, stock({"volume old on core1"})).empty());
  BOOST_TEST(audit.leaked_by("", true, stock({})).empty());
}

BOOST_AUTO_TEST_CASE(what_is_new_is_a_leak_told_once) {
  Audit audit(stock({}), "");
  BOOST_TEST((audit.leaked_by("", true, stock({"a", "b"})) == Things{"a", "b"}));
  BOOST_TEST((audit.leaked_by("", true, stock({"a", "b", "c"})) == Things{"c"}));
  BOOST_TEST(audit.leaked(stock({"a", "c"})).empty());
}

BOOST_AUTO_TEST_CASE(a_mark_tells_whose_it_is) {
  Audit audit(stock({}), "k3x");
  const auto now = stock({"volume p-masterk3x01_dbdata on core1", "volume p-masterk3x02_dbdata on core1"});
  BOOST_TEST((audit.leaked_by("k3x02", false, now) == Things{"volume p-masterk3x02_dbdata on core1"}));
  BOOST_TEST((audit.leaked_by("k3x01", true, now) == Things{"volume p-masterk3x01_dbdata on core1"}));
}

BOOST_AUTO_TEST_CASE(what_has_no_mark_is_blamed_on_who_ran_alone_and_else_on_the_run) {
  Audit audit(stock({}), "k3x");
  const auto now = stock({"image <none> on core1"});
  BOOST_TEST(audit.leaked_by("k3x01", false, now).empty());
  BOOST_TEST((audit.leaked(now) == Things{"image <none> on core1"}));
  Audit other(stock({}), "k3x");
  BOOST_TEST((other.leaked_by("k3x01", true, now) == Things{"image <none> on core1"}));
}

BOOST_AUTO_TEST_CASE(at_the_end_whatever_is_new_counts_whosever_it_is) {
  Audit audit(stock({"old"}), "k3x");
  BOOST_TEST((audit.leaked(stock({"old", "key k3x01"})) == Things{"key k3x01"}));
}

// ---- in a run

BOOST_AUTO_TEST_CASE(a_leak_fails_the_cleanup_of_the_scenario_that_left_it) {
  std::set<std::string> there{"key app/other"};
  RunOptions options;
  options.take_stock = [&](Cluster&) { return stock(there); };
  const Scenario leaks =
      fake("leaks").because("leave", [&](Cluster&, NoState&) { there.insert("volume v"); });
  const Scenario clean = fake("clean");
  Recorder recorder;
  const auto run = run_plan({{&leaks}, {&clean}}, make_no_cluster, recorder, options);
  BOOST_TEST((run.scenarios.at(0).outcome == Outcome::failed));
  const auto& cleanup = run.scenarios.at(0).steps.back();
  BOOST_REQUIRE(cleanup.mismatch);
  BOOST_TEST(cleanup.mismatch->expected == "nothing leaked");
  BOOST_TEST(cleanup.mismatch->seen == "volume v");
  BOOST_TEST((run.scenarios.at(1).outcome == Outcome::passed));
  BOOST_TEST(run.leaked.empty());
}

BOOST_AUTO_TEST_CASE(what_a_broken_cleanup_left_is_not_blamed_on_the_next) {
  std::set<std::string> there;
  RunOptions options;
  options.take_stock = [&](Cluster&) { return stock(there); };
  const Scenario broken = fake("broken")
                              .because("leave", [&](Cluster&, NoState&) { there.insert("volume v"); })
                              .cleanup("break", break_down);
  const Scenario clean = fake("clean");
  Recorder recorder;
  const auto run = run_plan({{&broken}, {&clean}}, make_no_cluster, recorder, options);
  BOOST_TEST(run.scenarios.at(0).steps.back().error == "core1: nobody answers");
  BOOST_TEST((run.scenarios.at(1).outcome == Outcome::passed));
}

BOOST_AUTO_TEST_CASE(an_audit_that_cannot_look_is_told_and_is_no_pass) {
  const Scenario scenario = fake("one");
  Recorder recorder;
  RunOptions options;
  std::atomic<int> calls{0};
  options.take_stock = [&](Cluster&) {
    return ++calls == 1 ? StockLines{} : StockLines{{}, {"core1: silent"}};
  };
  const auto later = run_plan({{&scenario}}, make_no_cluster, recorder, options);
  BOOST_TEST((later.scenarios.at(0).outcome == Outcome::errored));
  BOOST_TEST(later.scenarios.at(0).steps.back().error ==
             "cannot tell whether something leaked: core1: silent");

  options.take_stock = [](Cluster&) -> StockLines { throw Error(Kind::unreachable, "silent", "core1"); };
  const auto never = run_plan({{&scenario}}, make_no_cluster, recorder, options);
  BOOST_TEST((never.scenarios.at(0).outcome == Outcome::passed));
  BOOST_TEST((never.leaked == Things{"no audit, at the start: core1: silent"}));
  BOOST_TEST(!never.passed());
}

BOOST_AUTO_TEST_SUITE_END()
