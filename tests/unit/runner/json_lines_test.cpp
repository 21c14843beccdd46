#include "runner/json_lines.hpp"

#include "base/text.hpp"
#include "fake.hpp"
#include "page.hpp"
#include "runner/report_reader.hpp"
#include "runs.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace labctl;
using namespace labctl::runner;
using namespace labctl::runner::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(runner_json_lines)

BOOST_AUTO_TEST_CASE(each_event_is_one_object_in_one_line) {
  PageScreen page;
  JsonLines output(page.screen, [] { return std::chrono::system_clock::time_point(1790000000123ms); });
  const Scenario scenario = fake("new-service").should("say \n \xff", fail);
  const std::vector<Planned> plan{{&scenario, 1}};
  const std::vector<LeftOut> left_out{{"add-volume", "why"}};
  output.plan({plan, left_out, 1, "as asked for", 41});
  auto run = run_plan(plan, make_no_cluster, output, {});
  run.labctl = "0.1.0";
  output.summary(run, "build/report/index.html");

  std::vector<nlohmann::json> events;
  for (const auto& line : lines(page.text())) events.push_back(nlohmann::json::parse(line));
  std::vector<std::string> kinds;
  for (const auto& one : events) {
    kinds.push_back(one.at("event"));
    BOOST_TEST(one.at("time") == "2026-09-21T14:13:20.123Z");
  }
  const std::vector<std::string> step{"step-begins", "step-ends"};
  std::vector<std::string> expected{"plan", "scenario-begins"};
  for (int i = 0; i < 5; ++i) expected.insert(expected.end(), step.begin(), step.end());
  expected.insert(expected.end(), {"scenario-ends", "run-ends"});
  BOOST_TEST(kinds == expected, boost::test_tools::per_element());

  BOOST_TEST(events[0].at("scenarios").at(0).at("name") == "new-service");
  BOOST_TEST(events[0].at("left_out").at(0).at("why") == "why");
  BOOST_TEST(events[1].at("shoulds") == 2);
  BOOST_TEST(events[2].at("phase") == "given");
  BOOST_TEST(events[9].at("number") == 1);
  BOOST_TEST(events[9].at("verdict") == "failed");
  BOOST_TEST(events[9].at("expected") == "2");
  BOOST_TEST(events[12].at("outcome") == "failed");
  BOOST_TEST(!events[12].contains("steps"));
  BOOST_TEST(events[13].at("report") == "build/report/index.html");
}

BOOST_AUTO_TEST_CASE(the_last_line_is_a_report_that_can_be_read) {
  PageScreen page;
  JsonLines(page.screen).summary(run_of({ran("new-service", {should("a", Verdict::failed)})}), "");
  const auto run = parse_report(page.text(), "stdout");
  BOOST_TEST(run.scenarios.at(0).steps.at(0).mismatch->seen == "b");
}

BOOST_AUTO_TEST_CASE(a_step_has_its_change_against_the_baseline) {
  const Baseline baseline(run_of({ran("new-service", {should("a", Verdict::failed)})}), "old");
  PageScreen page;
  JsonLines output(page.screen);
  output.compare_with(baseline);
  const Scenario scenario = fake("new-service");
  output.step_ends({scenario}, should("a", Verdict::failed));
  BOOST_TEST(nlohmann::json::parse(page.text()).at("change") == "known red");
}

BOOST_AUTO_TEST_SUITE_END()
