#include "runner/report_diff.hpp"

#include "base/table.hpp"
#include "base/text.hpp"
#include "runner/baseline.hpp"
#include "runs.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace labctl;
using namespace labctl::runner;
using namespace labctl::runner::test;
using namespace std::chrono_literals;

namespace {

ScenarioResult took(std::chrono::milliseconds time, ScenarioResult scenario) {
  scenario.took = time;
  return scenario;
}

RunResult older() {
  return run_of({took(30s, ran("new-service", {should("a", Verdict::passed), should("b", Verdict::failed),
                                               should("c", Verdict::failed), should("d", Verdict::passed)})),
                 took(10s, ran("migrate", {should("a", Verdict::passed)}))});
}

RunResult newer() {
  auto run = run_of({took(40s, ran("new-service", {should("a", Verdict::failed), should("b", Verdict::failed),
                                                   should("c", Verdict::passed)})),
                     took(50s, ran("new-service",
                                   {should("a", Verdict::failed), should("b", Verdict::failed),
                                    should("c", Verdict::passed)},
                                   2)),
                     took(5s, ran("refuse-git-unreachable-new-master", {should("a", Verdict::passed)}))});
  Baseline(older(), "build/old").compare(run);
  return run;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_report_diff)

BOOST_AUTO_TEST_CASE(two_reports_stand_side_by_side) {
  BOOST_TEST(diff_text(older(), newer(), "build/new") ==
             "A        build/old (2026-11-24 10:11 UTC, labctl 0.1.0)\n"
             "         2 scenarios, 5 shoulds: 3 passed, 2 failed, 0 errored, 0 not run\n"
             "B        build/new (2026-11-24 10:11 UTC, labctl 0.1.0)\n"
             "         3 scenarios, 7 shoulds: 3 passed, 4 failed, 0 errored, 0 not run\n"
             "\n"
             "                                   A                B                  B/A\n"
             "migrate                            passed   10.0 s  -             -      -\n"
             "new-service                        failed   30.0 s  failed   45.0 s   1.50\n"
             "refuse-git-unreachable-new-master  -             -  passed    5.0 s      -\n"
             "in both                                     30.0 s           45.0 s   1.50\n"
             "\n"
             "new red   new-service: a\n"
             "               expected  a\n"
             "               seen      b\n"
             "               where     core1\n"
             "mended    new-service: c\n"
             "gone      new-service: d\n"
             "\n"
             "1 new red, 1 known red, 1 mended, 1 new\n");
}

BOOST_AUTO_TEST_CASE(the_table_fits_a_terminal) {
  auto a = older(), b = newer();
  a.scenarios[0].outcome = Outcome::errored;
  a.scenarios[0].took = b.scenarios[0].took = 1234567ms;
  for (const auto& line : lines(diff_text(a, b, "build/new"))) BOOST_TEST(columns(line) <= 80U, line);
}

BOOST_AUTO_TEST_CASE(equal_reports_have_a_table_and_no_changes) {
  auto b = older();
  Baseline(older(), "build/old").compare(b);
  const auto text = diff_text(older(), b, "build/new");
  BOOST_TEST(text.find("new red  ") == std::string::npos);
  BOOST_TEST(text.find("known red  ") == std::string::npos);  // unchanged
  BOOST_TEST(text.ends_with("\n\n0 new red, 2 known red, 0 mended, 0 new\n"));
}

BOOST_AUTO_TEST_CASE(a_program_gets_the_same) {
  const auto json = nlohmann::json::parse(diff_json(older(), newer()));
  BOOST_TEST(json.at("scenarios").size() == 3U);
  const auto& row = json.at("scenarios").at(1);
  BOOST_TEST(row.at("name") == "new-service");
  BOOST_TEST(row.at("a").at("milliseconds") == 30000);
  BOOST_TEST(row.at("b").at("milliseconds") == 45000);
  BOOST_TEST(row.at("b").at("attempts") == 2);
  BOOST_TEST(row.at("ratio") == 1.5);
  BOOST_TEST(json.at("scenarios").at(0).at("b").is_null());
  BOOST_TEST(json.at("scenarios").at(0).at("ratio").is_null());
  BOOST_TEST(json.at("new_red") == 1);
  BOOST_TEST(json.at("gone").at(0) == "new-service: d");
  BOOST_TEST(json.at("changes").at(0).at("change") == "new red");
  BOOST_TEST(json.at("changes").at(0).at("scenario") == "new-service");
}

BOOST_AUTO_TEST_SUITE_END()
