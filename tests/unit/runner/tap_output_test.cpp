#include "runner/tap_output.hpp"

#include "fake.hpp"
#include "page.hpp"
#include "runs.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::runner;
using namespace labctl::runner::test;
using namespace std::chrono_literals;

namespace {

const Scenario new_service_in_tap = fake("new-service");
const Running running_in_tap{new_service_in_tap};

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_tap_output)

BOOST_AUTO_TEST_CASE(a_scenario_is_a_subtest_with_a_point_for_each_step) {
  PageScreen page;
  TapOutput output(page.screen);
  const std::vector<Planned> plan{{&new_service_in_tap, 1}};
  const std::vector<LeftOut> left_out{{"add-volume", "it moves #1"}};
  output.plan({plan, left_out, 1, "", 41});
  auto result =
      ran("new-service",
          {judged(Phase::given, "g", Verdict::passed), should("have #1 \\ 2\nlines", Verdict::passed),
           should("b", Verdict::failed, "say \"x\"\n- y: z"), should("c", Verdict::not_run)});
  result.took = 1500ms;
  result.steps[2].took = 20ms;
  output.scenario_ends(running_in_tap, result);
  auto run = run_of({result});
  run.took = 2000ms;
  output.summary(run, "build/report/index.html");
  BOOST_TEST(page.text() ==
             "TAP version 14\n"
             "ok 1 - add-volume # SKIP it moves \\#1\n"
             "# Subtest: new-service\n"
             "    ok 1 - given: g\n"
             "    ok 2 - should have \\#1 \\\\ 2 lines\n"
             "    not ok 3 - should b\n"
             "      ---\n"
             "      verdict: \"failed\"\n"
             "      expected: \"a\"\n"
             "      seen: \"say \\\"x\\\"\\n- y: z\"\n"
             "      where: \"core1\"\n"
             "      duration_ms: 20\n"
             "      ...\n"
             "    ok 4 - should c # SKIP not run\n"
             "    1..4\n"
             "not ok 2 - new-service\n"
             "  ---\n"
             "  outcome: failed\n"
             "  duration_ms: 1500\n"
             "  ...\n"
             "1..2\n"
             "# 1 scenario, 3 shoulds: 1 passed, 1 failed, 1 not run                       2.0 s\n"
             "# report   build/report/index.html\n");
}

BOOST_AUTO_TEST_CASE(known_reds_are_to_do_and_lost_proofs_are_not_ok) {
  const Baseline baseline(
      run_of({ran("new-service", {should("known", Verdict::failed), should("lost", Verdict::passed)})}),
      "old");
  PageScreen page;
  TapOutput output(page.screen);
  output.compare_with(baseline);
  output.scenario_ends(running_in_tap, ran("new-service", {should("known", Verdict::failed)}));
  output.scenario_ends(running_in_tap, ran("new-service", {should("known", Verdict::failed),
                                                           should("lost", Verdict::not_run)}));
  const auto text = page.text();
  BOOST_TEST(text.find("    not ok 1 - should known # TODO known red\n") != std::string::npos, text);
  BOOST_TEST(text.find("\nnot ok 1 - new-service # TODO known red\n") != std::string::npos, text);
  BOOST_TEST(text.find("    not ok 2 - should lost\n") != std::string::npos, text);
  BOOST_TEST(text.find("\nnot ok 2 - new-service\n") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(an_interrupted_run_bails_out_and_a_leak_is_not_ok) {
  PageScreen page;
  TapOutput output(page.screen);
  auto run = run_of({});
  run.leaked = {"volume v on core1"};
  run.interrupted = true;
  output.summary(run, "");
  BOOST_TEST(page.text().starts_with("not ok 1 - nothing leaked: volume v on core1\n1..1\n# "));
  BOOST_TEST(page.text().ends_with("\nBail out! interrupted\n"));
}

BOOST_AUTO_TEST_SUITE_END()
