#include "runner/console.hpp"

#include "fake.hpp"
#include "page.hpp"
#include "runner/baseline.hpp"
#include "runs.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

using namespace labctl;
using namespace labctl::runner;
using namespace labctl::runner::test;
using namespace std::chrono_literals;

namespace {

constexpr ConsoleStyle verbose{false, true};

StepResult step(Phase phase, const std::string& text, Verdict verdict, std::chrono::milliseconds took = {}) {
  return {phase, text, verdict, {}, {}, took, {}};
}

const Scenario new_service = fake("new-service");
const Running running{new_service};

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_console)

BOOST_AUTO_TEST_CASE(a_run_reads_as_the_user_guide_shows_it) {
  PageScreen page;
  Console console(page.screen, verbose);
  console.scenario_begins(running);
  console.step_ends(running,
                    step(Phase::given, "a cluster without the test service", Verdict::passed, 400ms));
  console.step_ends(running, step(Phase::because, "it is deployed on core1", Verdict::passed, 6100ms));
  console.step_ends(running, step(Phase::should, "have a key in the KV store", Verdict::passed));
  auto failed = step(Phase::should, "have its database volume on core1 only", Verdict::failed);
  failed.mismatch = Mismatch{"P_dbdata on core1", "on core1 and core3", "core3"};
  console.step_ends(running, failed);
  console.step_ends(running, step(Phase::cleanup, "destroyed, nothing left", Verdict::passed, 3000ms));

  RunResult run;
  ScenarioResult result{"new-service",   "", {}, 1, {step(Phase::should, "", Verdict::passed), failed},
                        Outcome::failed, 0ms};
  run.scenarios.push_back(result);
  run.took = 11200ms;
  run.again = "labctl test new-service --seed 41";
  console.summary(run, "build/report/index.html");

  BOOST_TEST(page.text() ==
             "new-service                                                         None → core1\n"
             "  given    a cluster without the test service                              0.4 s\n"
             "  because  it is deployed on core1                                         6.1 s\n"
             "  should   ✓ have a key in the KV store\n"
             "           ✗ have its database volume on core1 only\n"
             "               expected  P_dbdata on core1\n"
             "               seen      on core1 and core3\n"
             "               where     core3\n"
             "  cleanup  destroyed, nothing left                                         3.0 s\n"
             "1 scenario, 2 shoulds: 1 passed, 1 failed                                 11.2 s\n"
             "report   build/report/index.html   again: labctl test new-service --seed 41\n");
}

BOOST_AUTO_TEST_CASE(a_step_that_broke_says_why_line_by_line) {
  PageScreen page;
  Console console(page.screen, verbose);
  auto broken = step(Phase::because, "it is deployed", Verdict::errored, 100ms);
  broken.error = "first line\nsecond line";
  console.step_ends(running, broken);
  BOOST_TEST(page.text() ==
             "  because  ! it is deployed                                                0.1 s\n"
             "               error     first line\n"
             "                         second line\n");
}

BOOST_AUTO_TEST_CASE(colour_is_written_only_when_asked_for) {
  PageScreen plain, coloured;
  Console(plain.screen, verbose).step_ends(running, step(Phase::should, "hold", Verdict::passed));
  Console(coloured.screen, {true, true}).step_ends(running, step(Phase::should, "hold", Verdict::passed));
  BOOST_TEST(plain.text().find('\033') == std::string::npos);
  BOOST_TEST(coloured.text().find("\033[32m✓\033[0m") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(shoulds_that_did_not_run_are_counted_not_hidden) {
  PageScreen page;
  Console console(page.screen, verbose);
  ScenarioResult result;
  result.steps = {step(Phase::should, "a", Verdict::not_run), step(Phase::should, "b", Verdict::not_run)};
  console.scenario_ends(running, result);
  BOOST_TEST(page.text() == "  2 shoulds not run\n");
}

BOOST_AUTO_TEST_CASE(a_note_stands_below_its_step) {
  PageScreen plain, coloured;
  auto noted = step(Phase::because, "it is deployed", Verdict::passed, 6100ms);
  noted.notes = {"handler 2.1 s", "push 0.3 s"};
  Console(plain.screen, verbose).step_ends(running, noted);
  Console(coloured.screen, {true, true}).step_ends(running, noted);
  BOOST_TEST(plain.text() ==
             "  because  it is deployed                                                  6.1 s\n"
             "           handler 2.1 s, push 0.3 s\n");
  BOOST_TEST(coloured.text().find("\033[2mhandler 2.1 s, push 0.3 s\033[0m") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(beside_a_baseline_each_step_has_its_word_and_the_summary_its_counts) {
  auto there = run_of({ran("new-service", {should("a", Verdict::passed), should("b", Verdict::failed, "c"),
                                           should("c", Verdict::failed), should("d", Verdict::passed),
                                           should("e", Verdict::passed)}),
                       ran("migrate", {})});
  const Baseline baseline(there, "build/old");
  PageScreen page;
  Console console(page.screen, verbose);
  console.compare_with(baseline);
  auto run = run_of({ran("new-service", {should("a", Verdict::failed), should("b", Verdict::failed),
                                         should("c", Verdict::passed), should("d", Verdict::not_run)})});
  for (const auto& one : run.scenarios[0].steps) {
    if (one.verdict != Verdict::not_run) console.step_ends(running, one);
  }
  console.scenario_ends(running, run.scenarios[0]);
  baseline.compare(run);
  console.summary(run, "");
  BOOST_TEST(page.text() ==
             "  should   ✗ a [new red]\n"
             "               expected  a\n"
             "               seen      b\n"
             "               where     core1\n"
             "           ✗ b [known red]\n"
             "               expected  a\n"
             "               seen      b\n"
             "               where     core1\n"
             "               baseline  other evidence than there\n"
             "           ✓ c [mended]\n"
             "  1 should not run, 1 of them passed in the baseline\n"
             "1 scenario, 4 shoulds: 1 passed, 2 failed, 1 not run                       0.0 s\n"
             "new red  new-service: a\n"
             "new red  new-service: 1 should not run\n"
             "mended   new-service: c\n"
             "gone     new-service: e\n"
             "baseline 2 new red (1 of them not run), 1 known red, 1 mended, 0 new\n"
             "         against build/old (2026-11-24 10:11 UTC, labctl 0.1.0)\n"
             "         1 scenario of it not run now\n");
}

BOOST_AUTO_TEST_CASE(a_baseline_that_knows_none_of_the_scenarios_is_said_to) {
  auto run = run_of({ran("one", {should("a", Verdict::passed)})});
  Baseline(run_of({ran("two", {})}), "old").compare(run);
  PageScreen page;
  Console(page.screen, {}).summary(run, "");
  BOOST_TEST(page.text().find("         none of these scenarios is in it\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(scenarios_side_by_side_are_printed_whole) {
  PageScreen page;
  Console console(page.screen, verbose);
  const Scenario first = fake("first"), second = fake("second");
  const std::vector<Planned> plan{{&first, 1}, {&second, 2}};
  const std::vector<LeftOut> left_out{{"third", "it cannot"}, {"fourth", "not here"}, {"fifth", "it cannot"}};
  console.plan({plan, left_out, 2, "as asked for", 41});
  const Running one{first, 1, 1, "abc01"}, two{second, 2, 2, "abc02"};
  console.scenario_begins(one);
  console.scenario_begins(two);
  console.step_ends(one, step(Phase::given, "g1", Verdict::passed, 100ms));
  console.step_ends(two, step(Phase::given, "g2", Verdict::passed, 100ms));
  console.step_ends(two, step(Phase::should, "s2", Verdict::passed));
  console.step_ends(one, step(Phase::should, "s1", Verdict::passed));
  console.step_ends(two, step(Phase::should, "t2", Verdict::passed));
  console.scenario_ends(two, {});
  console.scenario_ends(one, {});
  BOOST_TEST(page.text() ==
             "jobs     2: as asked for\n"
             "left out third, fifth: it cannot\n"
             "left out fourth: not here\n"
             "order    first, second (attempt 2)\n"
             "         by seed 41\n"
             "second (attempt 2)                                                  None → core1\n"
             "  given    g2                                                              0.1 s\n"
             "  should   ✓ s2\n"
             "           ✓ t2\n"
             "first                                                               None → core1\n"
             "  given    g1                                                              0.1 s\n"
             "  should   ✓ s1\n");
}

BOOST_AUTO_TEST_CASE(several_scenarios_end_with_the_slowest_and_what_jobs_gained) {
  PageScreen page;
  Console console(page.screen, verbose);
  RunResult run;
  for (const int seconds : {3, 9}) {
    ScenarioResult result;
    result.name = fmt::format("takes-{}", seconds);
    result.took = std::chrono::seconds(seconds);
    run.scenarios.push_back(result);
  }
  run.took = 9500ms;
  run.jobs = 2;
  run.leaked = {"volume v on core1"};
  run.left_out = {{"moves", "why"}};
  console.summary(run, "");
  BOOST_TEST(page.text() ==
             "2 scenarios, 0 shoulds: 0 passed, 0 failed, 1 scenario left out            9.5 s\n"
             "slowest  takes-9                                                           9.0 s\n"
             "         takes-3                                                           3.0 s\n"
             "total    9.5 s, sum of scenarios 12.0 s, jobs 2\n"
             "leaked   volume v on core1\n");
}

BOOST_AUTO_TEST_CASE(by_default_a_scenario_is_one_line_and_only_what_is_red_follows) {
  PageScreen page;
  Console console(page.screen, {});
  const std::vector<Planned> plan{{&new_service, 1}, {&new_service, 2}};
  console.plan({plan, {}, 2, "as asked for", 41});
  const Running one{new_service, 1, 1, ""}, two{new_service, 2, 2, ""};
  auto green = ran("new-service", {step(Phase::given, "g", Verdict::passed), should("a", Verdict::passed)});
  green.summary = "None → core1";
  green.took = 30200ms;
  auto red = ran("new-service",
                 {step(Phase::given, "g", Verdict::passed), should("a", Verdict::passed),
                  should("b", Verdict::failed), should("c", Verdict::errored), should("d", Verdict::not_run)},
                 2);
  red.summary = "None → core1";
  red.took = 1000ms;
  red.steps[2].notes = {"asked twice"};
  for (const auto* run : {&one, &two}) console.scenario_begins(*run);
  console.step_begins(one, Phase::given, new_service.given);
  console.step_ends(one, green.steps[0]);
  BOOST_TEST(page.text() == "jobs     2: as asked for\n");
  console.scenario_ends(one, green);
  console.scenario_ends(two, red);
  BOOST_TEST(page.text() ==
             "jobs     2: as asked for\n"
             "✓ new-service                      None → core1                     1/1   30.2 s\n"
             "✗ new-service (attempt 2)          None → core1                     1/4    1.0 s\n"
             "  should   ✗ b\n"
             "               expected  a\n"
             "               seen      b\n"
             "               where     core1\n"
             "           asked twice\n"
             "           ! c\n"
             "               error     b\n"
             "  1 should not run\n");
}

BOOST_AUTO_TEST_CASE(one_line_says_that_a_scenario_has_no_verdict) {
  PageScreen page;
  Console console(page.screen, {});
  auto result = ran("new-service", {});
  result.outcome = Outcome::unable;
  console.scenario_ends(running, result);
  result.cluster_lost = true;
  console.scenario_ends(running, result);
  BOOST_TEST(page.text().find("! new-service") == 0U);
  BOOST_TEST(page.text().find("unable: something that it needs is not free; no verdict\n") !=
             std::string::npos);
  BOOST_TEST(page.text().find("the cluster could not be reached any more") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
