#include "runner/run.hpp"

#include "cluster/activity.hpp"
#include "fake.hpp"
#include "runner/note.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace labctl;
using namespace labctl::runner;
using namespace labctl::runner::test;

namespace {

struct Fixture {
  Recorder recorder;

  ScenarioResult run(const Scenario& scenario, const RunOptions& options = {}) {
    return run_plan({{&scenario, 1}}, make_no_cluster, recorder, options).scenarios.at(0);
  }
  RunResult run_all(const std::vector<Planned>& plan, const RunOptions& options = {}) {
    return run_plan(plan, make_no_cluster, recorder, options);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(runner_run, Fixture)

BOOST_AUTO_TEST_CASE(everything_runs_in_order) {
  const auto result = run(fake("all-well"));
  BOOST_TEST((result.outcome == Outcome::passed));
  BOOST_TEST((recorder.trace == Trace{"begin all-well 1", "given passed", "because passed", "should passed",
                                      "cleanup passed", "end passed"}));
}

BOOST_AUTO_TEST_CASE(a_failing_should_does_not_stop_the_others) {
  const auto result = run(fake("one-fails").should("fail", fail).should("hold too", pass));
  BOOST_TEST((result.outcome == Outcome::failed));
  BOOST_TEST((recorder.trace == Trace{"begin one-fails 1", "given passed", "because passed", "should passed",
                                      "should failed", "should passed", "cleanup passed", "end failed"}));
  const auto& failed = result.steps.at(3);
  BOOST_REQUIRE(failed.mismatch);
  BOOST_TEST(failed.mismatch->expected == "2");
  BOOST_TEST(failed.mismatch->seen == "1");
  BOOST_TEST(failed.mismatch->where == "core1");
}

BOOST_AUTO_TEST_CASE(a_red_scenario_has_the_state_and_the_logs_of_before_its_cleanup) {
  RunOptions options;
  options.states = [this](Cluster&) {
    return std::vector<Attachment>{{"state", "after " + recorder.trace.back()}};
  };
  const auto tells = [](Cluster& c, NoState&) {
    c.tell({cluster::Happening::Type::fired, "", "event-1"});
    c.tell({cluster::Happening::Type::log_line, "core1", "handled"});
  };
  const auto red = run(fake("red").because("tell", tells).should("fail", fail), options);
  const std::vector<Attachment> expected{{"state", "after should failed"},
                                         {"handler's log on core1", "handled"}};
  BOOST_TEST((red.attachments == expected));
  BOOST_REQUIRE(red.activities.size() == 1U);
  BOOST_TEST(red.activities[0].event == "event-1");
  const auto green = run(fake("green").because("tell", tells), options);
  BOOST_TEST(green.attachments.empty());
  BOOST_TEST(green.activities.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_state_that_cannot_be_seen_says_why) {
  RunOptions options;
  options.states = [](Cluster&) -> std::vector<Attachment> {
    throw Error(Kind::timeout, "no answer", "core1");
  };
  const auto red = run(fake("red").should("fail", fail), options);
  BOOST_TEST((red.attachments == std::vector<Attachment>{{"state", "not seen: core1: no answer"}}));
  BOOST_TEST((red.outcome == Outcome::failed));
}

BOOST_AUTO_TEST_CASE(times_count_from_the_beginning_of_the_run) {
  const Scenario one = fake("one"), two = fake("two");
  const auto all = run_all({{&one, 1}, {&two, 1}});
  BOOST_REQUIRE(all.scenarios.size() == 2U);
  BOOST_TEST((all.scenarios[0].began.value() >= std::chrono::milliseconds(0)));
  BOOST_TEST((all.scenarios[0].steps.front().began.value() >= all.scenarios[0].began.value()));
  BOOST_TEST((all.scenarios[1].began.value() >= all.scenarios[0].steps.back().began.value()));
}

BOOST_AUTO_TEST_CASE(another_exception_is_an_error_not_a_failure) {
  const auto result = run(fake("breaks").should("break", break_down).should("hold", pass));
  BOOST_TEST((result.outcome == Outcome::errored));
  BOOST_TEST((result.steps.at(3).verdict == Verdict::errored));
  BOOST_TEST(result.steps.at(3).error == "core1: nobody answers");
  BOOST_TEST((result.steps.at(4).verdict == Verdict::passed));
}

BOOST_AUTO_TEST_CASE(a_broken_given_or_because_leaves_no_should_to_run_but_the_cleanup) {
  const auto given = run(fake("given").given("break", break_down));
  BOOST_TEST((given.outcome == Outcome::errored));
  BOOST_TEST((recorder.trace == Trace{"begin given 1", "given errored", "cleanup passed", "end errored"}));
  BOOST_TEST((given.steps.at(1).verdict == Verdict::not_run));

  recorder.trace.clear();
  const auto because = run(fake("because").because("break", break_down));
  BOOST_TEST((because.outcome == Outcome::errored));
  BOOST_TEST((recorder.trace ==
              Trace{"begin because 1", "given passed", "because errored", "cleanup passed", "end errored"}));
}

BOOST_AUTO_TEST_CASE(a_because_with_a_wrong_result_is_judged_by_the_shoulds) {
  const auto result = run(fake("because").because("fail", fail));
  BOOST_TEST((result.outcome == Outcome::failed));
  BOOST_TEST((recorder.trace == Trace{"begin because 1", "given passed", "because failed", "should passed",
                                      "cleanup passed", "end failed"}));
}

BOOST_AUTO_TEST_CASE(a_cleanup_that_leaves_something_fails_the_scenario) {
  BOOST_TEST((run(fake("leaks").cleanup("leak", fail)).outcome == Outcome::failed));
  BOOST_TEST((run(fake("cannot-look").cleanup("break", break_down)).outcome == Outcome::errored));
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_the_run_after_the_cleanup) {
  const Scenario first = fake("first").should("be interrupted", interrupt).should("not run", pass);
  const Scenario second = fake("second");
  const auto result = run_all({{&first, 1}, {&second, 1}});
  BOOST_TEST(result.interrupted);
  BOOST_REQUIRE(result.scenarios.size() == 1);
  BOOST_TEST((result.scenarios[0].outcome == Outcome::interrupted));
  BOOST_TEST((recorder.trace.at(4) == "should interrupted"));
  BOOST_TEST((recorder.trace.at(5) == "cleanup passed"));
}

BOOST_AUTO_TEST_CASE(the_state_is_new_for_every_run_and_shared_by_its_steps) {
  struct State {
    int value = 0;
  };
  const Scenario scenario = runner::scenario<State>("state")
                                .given("one", [](Cluster&, State& s) { ++s.value; })
                                .because("two", [](Cluster&, State& s) { ++s.value; })
                                .should("be two", [](Cluster&, State& s) { check_equal(s.value, 2); })
                                .cleanup("none", [](Cluster&, State&) {});
  BOOST_TEST((run(scenario).outcome == Outcome::passed));
  BOOST_TEST((run(scenario).outcome == Outcome::passed));
}

BOOST_AUTO_TEST_CASE(a_block_of_shoulds_sees_its_part_of_any_state) {
  struct Part {
    int value = 7;
  };
  struct State : Part {};
  Block<Part> block;
  block.should("be seven", [](Cluster&, Part& part) { check_equal(part.value, 7); });
  const Scenario scenario = runner::scenario<State>("block")
                                .given("none", [](Cluster&, State&) {})
                                .because("none", [](Cluster&, State&) {})
                                .include(block)
                                .cleanup("none", [](Cluster&, State&) {});
  BOOST_REQUIRE(scenario.shoulds.size() == 1);
  BOOST_TEST((run(scenario).outcome == Outcome::passed));
}

BOOST_AUTO_TEST_CASE(waits_of_a_scenario_end_with_its_time_limit_and_the_cleanup_has_its_own) {
  using namespace std::chrono_literals;
  std::chrono::milliseconds given_left{0}, cleanup_left{0};
  Cluster cluster(no_cluster());
  const Scenario limited =
      fake("limited")
          .time_limit(2s)
          .given("look", [&](Cluster& c, NoState&) { given_left = c.within(60s).left(); })
          .cleanup("look", [&](Cluster& c, NoState&) { cleanup_left = c.within(60s).left(); });
  run_scenario({&limited}, 1, cluster, recorder, {});
  BOOST_TEST((given_left <= 2s));
  BOOST_TEST((cleanup_left <= 2s));
  BOOST_TEST((cleanup_left > 1s));
  BOOST_TEST((cluster.within(60s).left() > 50s));
}

BOOST_AUTO_TEST_CASE(a_should_that_fails_after_the_time_limit_is_no_verdict) {
  using namespace std::chrono_literals;
  const Scenario late = fake("late")
                            .time_limit(1s)
                            .should("wait",
                                    [](Cluster& c, NoState&) {
                                      std::this_thread::sleep_until(c.within(60s).at());
                                      check(false, "an answer", "none");
                                    })
                            .cleanup("fail", [](Cluster&, NoState&) { check(false, "nothing", "a volume"); });
  const auto result = run(late);
  BOOST_TEST((result.steps.at(3).verdict == Verdict::errored));
  BOOST_TEST(result.steps.at(3).error == "the scenario's time limit of 1 s has passed");
  BOOST_TEST(result.steps.at(3).mismatch.value().seen == "none");
  BOOST_TEST((result.steps.at(4).verdict == Verdict::failed));
}

BOOST_AUTO_TEST_CASE(fail_fast_stops_after_the_first_that_does_not_pass) {
  const Scenario bad = fake("bad").should("fail", fail);
  const Scenario good = fake("good");
  RunOptions options;
  options.fail_fast = true;
  BOOST_TEST(run_all({{&bad, 1}, {&good, 1}}, options).scenarios.size() == 1U);
  BOOST_TEST(run_all({{&bad, 1}, {&good, 1}}).scenarios.size() == 2U);
}

BOOST_AUTO_TEST_CASE(keep_leaves_out_the_cleanup_of_what_did_not_pass_only) {
  RunOptions options;
  options.keep = true;
  run(fake("bad").should("fail", fail), options);
  BOOST_TEST((recorder.trace.back() == "end failed"));
  BOOST_TEST((recorder.trace.at(recorder.trace.size() - 2) == "should failed"));
  run(fake("good"), options);
  BOOST_TEST((recorder.trace.at(recorder.trace.size() - 2) == "cleanup passed"));
}

BOOST_AUTO_TEST_CASE(a_lost_cluster_is_not_a_failed_scenario_and_ends_the_run) {
  const Scenario lost = fake("lost").because("lose it", break_down);
  const Scenario next = fake("next");
  RunOptions options;
  options.cluster_trouble = [](Cluster&) { return Error(Kind::unreachable, "Consul is gone"); };
  const auto result = run_all({{&lost, 1}, {&next, 1}}, options);
  BOOST_REQUIRE(result.scenarios.size() == 1);
  BOOST_TEST((result.scenarios[0].outcome == Outcome::unable));
  BOOST_TEST(result.cluster_lost());
  BOOST_TEST(result.unable());

  options.cluster_trouble = [](Cluster&) { return std::optional<Error>(); };
  BOOST_TEST((run_all({{&lost, 1}}, options).scenarios[0].outcome == Outcome::errored));
}

void find_occupied(Cluster&, NoState&) { throw Occupied("app/other claims domain service.cluster.lab"); }

BOOST_AUTO_TEST_CASE(a_scenario_whose_place_is_occupied_is_unable_and_the_next_one_runs) {
  const Scenario occupied = fake("occupied").given("find somebody", find_occupied);
  const Scenario later = fake("later").because("find somebody", find_occupied);
  const Scenario next = fake("next");
  const auto result = run_all({{&occupied, 1}, {&later, 1}, {&next, 1}});
  BOOST_REQUIRE(result.scenarios.size() == 3);
  BOOST_TEST((result.scenarios[0].outcome == Outcome::unable));
  BOOST_TEST(result.scenarios[0].steps.at(0).error == "app/other claims domain service.cluster.lab");
  BOOST_TEST((result.scenarios[1].outcome == Outcome::unable));
  BOOST_TEST((result.scenarios[2].outcome == Outcome::passed));
  BOOST_TEST(!result.cluster_lost());
  BOOST_TEST(result.unable());
  BOOST_TEST(!result.passed());
  // Also with --keep: the scenario left nothing to look at.
  RunOptions keep;
  keep.keep = true;
  recorder.trace.clear();
  run(occupied, keep);
  BOOST_TEST(recorder.trace.at(2) == "cleanup passed");
}

BOOST_AUTO_TEST_CASE(what_is_red_counts_more_than_what_could_not_be_judged) {
  const Scenario occupied = fake("occupied").given("find somebody", find_occupied);
  const Scenario red = fake("red").should("fail", fail);
  BOOST_TEST(!run_all({{&occupied, 1}}).wrong());
  BOOST_TEST(run_all({{&occupied, 1}, {&red, 1}}).wrong());
}

BOOST_AUTO_TEST_CASE(what_a_cleanup_or_the_audit_finds_is_swept_and_stays_a_finding) {
  int sweeps = 0;
  RunOptions options;
  options.sweep = [&](Cluster&) {
    ++sweeps;
    return sweeps == 1 ? std::vector<std::string>{} : std::vector<std::string>{"volume v on core1"};
  };
  run(fake("clean"), options);
  BOOST_TEST(sweeps == 0);
  const auto swept = run(fake("leaks").cleanup("leak", fail), options);
  BOOST_TEST((swept.outcome == Outcome::failed));
  BOOST_TEST((swept.steps.back().notes ==
              std::vector<std::string>{"leftovers removed: nothing of its apps remains"}));
  const auto stays = run(fake("breaks").cleanup("break", break_down), options);
  BOOST_TEST((stays.outcome == Outcome::errored));
  BOOST_TEST((stays.steps.back().notes ==
              std::vector<std::string>{"leftovers that could not be removed: volume v on core1"}));
  int stocks = 0;
  options.take_stock = [&](Cluster&) { return StockLines{{++stocks == 1 ? "a" : "b"}, {}}; };
  BOOST_TEST((run(fake("leaks"), options).outcome == Outcome::failed));
  BOOST_TEST(sweeps == 3);
}

BOOST_AUTO_TEST_CASE(what_is_red_is_examined_once_before_anything_is_cleaned_up) {
  std::vector<std::string> examined;
  bool cleaned = false;
  RunOptions options;
  options.post_mortem = [&](Cluster&, const ScenarioResult& so_far, const std::string& waits) {
    examined.push_back(so_far.name + (cleaned ? " after" : " before") + " its cleanup");
    BOOST_TEST((waits.find("should fail") != std::string::npos || cleaned));
    return "post-mortem/" + so_far.name;
  };
  const auto clean = [&](Cluster&, NoState&) { cleaned = true; };
  BOOST_TEST(run(fake("green").cleanup("clean", clean), options).post_mortem.empty());
  BOOST_TEST(examined.empty());
  cleaned = false;
  BOOST_TEST(run(fake("red").should("fail", fail).cleanup("clean", clean), options).post_mortem ==
             "post-mortem/red");
  cleaned = false;
  const auto leaks = [&](Cluster& c, NoState& s) {
    cleaned = true;
    fail(c, s);
  };
  BOOST_TEST(run(fake("leaks").cleanup("leak", leaks), options).post_mortem == "post-mortem/leaks");
  BOOST_TEST((examined == std::vector<std::string>{"red before its cleanup", "leaks after its cleanup"}));
  // A post-mortem that fails changes no verdict.
  options.post_mortem = [](Cluster&, const ScenarioResult&, const std::string&) -> std::string {
    throw Error(Kind::system, "no space");
  };
  const auto result = run(fake("red").should("fail", fail), options);
  BOOST_TEST((result.outcome == Outcome::failed));
  BOOST_TEST(result.post_mortem.empty());
}

BOOST_AUTO_TEST_CASE(what_passes_only_sometimes_is_flaky) {
  int calls = 0;
  const Scenario scenario =
      fake("sometimes").should("pass once", [&](Cluster&, NoState&) { check_equal(++calls, 1); });
  const auto result = run_all({{&scenario, 1}, {&scenario, 2}});
  BOOST_TEST((result.flaky() == std::vector<std::string>{"sometimes"}));
  BOOST_TEST((result.scenarios[0].outcome == Outcome::passed));
  BOOST_TEST((result.scenarios[1].outcome == Outcome::flaky));
  BOOST_TEST(!result.passed());
}

BOOST_AUTO_TEST_CASE(what_could_not_begin_once_is_not_flaky) {
  int calls = 0;
  const Scenario scenario = fake("claimed").given("a free domain", [&](Cluster& c, NoState& s) {
    if (++calls == 2) find_occupied(c, s);
  });
  const auto result = run_all({{&scenario, 1}, {&scenario, 2}});
  BOOST_TEST(result.flaky().empty());
  BOOST_TEST((result.scenarios[0].outcome == Outcome::passed));
  BOOST_TEST((result.scenarios[1].outcome == Outcome::unable));
}

BOOST_AUTO_TEST_CASE(shoulds_run_in_the_planned_order) {
  std::vector<int> order;
  const Scenario scenario = fake("ordered")
                                .should("one", [&](Cluster&, NoState&) { order.push_back(1); })
                                .should("two", [&](Cluster&, NoState&) { order.push_back(2); });
  const auto result = run_all({{&scenario, 1, {2, 0, 1}}}).scenarios.at(0);
  BOOST_TEST((order == std::vector<int>{2, 1}));
  BOOST_TEST(result.steps.at(2).text == "two");
  BOOST_TEST(result.steps.at(3).text == "hold");
}

BOOST_AUTO_TEST_CASE(a_step_can_note_something_beside_its_verdict) {
  note("outside of any step: goes nowhere");
  const auto result = run(fake("noted")
                              .because("note", [](Cluster&, NoState&) { note("handler 2.1 s"); })
                              .should("fail", [](Cluster&, NoState&) {
                                note("before it failed");
                                check_equal(1, 2);
                              }));
  BOOST_TEST((result.steps.at(1).notes == std::vector<std::string>{"handler 2.1 s"}));
  BOOST_TEST((result.steps.at(3).notes == std::vector<std::string>{"before it failed"}));
  BOOST_TEST(result.steps.at(0).notes.empty());
}

BOOST_AUTO_TEST_CASE(a_scenario_without_a_cluster_is_errored_and_told) {
  const Scenario scenario = fake("no-cluster");
  const MakeCluster none = [](const cluster::Slot&) -> std::unique_ptr<Cluster> {
    throw Error(Kind::system, "too many open files");
  };
  const auto result = run_plan({{&scenario}}, none, recorder, {}).scenarios.at(0);
  BOOST_TEST((result.outcome == Outcome::errored));
  BOOST_TEST(result.steps.at(0).error == "too many open files");
  BOOST_TEST((recorder.trace == Trace{"begin no-cluster 1", "given errored", "end errored"}));
}

BOOST_AUTO_TEST_CASE(the_counts_are_those_of_the_shoulds) {
  const Scenario good = fake("good").should("fail", fail).should("break", break_down);
  const Scenario bad = fake("bad").given("fail", fail);
  const auto counts = run_all({{&good, 1}, {&bad, 1}}).counts();
  BOOST_TEST(counts.scenarios == 2);
  BOOST_TEST(counts.shoulds == 4);
  BOOST_TEST(counts.passed == 1);
  BOOST_TEST(counts.failed == 1);
  BOOST_TEST(counts.errored == 1);
  BOOST_TEST(counts.not_run == 1);
}

BOOST_AUTO_TEST_SUITE_END()
