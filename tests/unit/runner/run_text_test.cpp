#include "runner/run_text.hpp"

#include "base/table.hpp"
#include "base/text.hpp"
#include "runs.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::runner;
using namespace labctl::runner::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(runner_run_text)

BOOST_AUTO_TEST_CASE(a_time_ends_in_the_last_column) {
  BOOST_TEST(columns(with_time("✓ é", 1234ms)) == 80U);
  BOOST_TEST(with_time(std::string(79, 'x'), 1234ms) == std::string(79, 'x') + "  1.2 s");
}

BOOST_AUTO_TEST_CASE(a_scenario_is_one_line_of_80_columns_however_long_its_name_is) {
  for (const auto* name :
       {"a", "refuse-git-unreachable-old-master", "master-only-to-master-slave-old-master-becomes-slave"}) {
    auto result = ran(name, {should("a", Verdict::passed), should("b", Verdict::failed)});
    result.summary = "core3/core4 into core1/core2";
    result.took = 1234500ms;
    const auto line = scenario_line(result, Paint());
    BOOST_TEST(line.back() == '\n');
    BOOST_TEST(columns(line) - 1 == 80U, line);
    BOOST_TEST(line.starts_with("✗ " + std::string(name) + " "), line);
    BOOST_TEST(line.ends_with("     1/2 1234.5 s\n"), line);
  }
}

BOOST_AUTO_TEST_CASE(items_are_wrapped_below_each_other) {
  const std::vector<std::string> items(20, "scenario");
  const auto text = wrapped("order   ", items);
  const auto all = lines(text);
  BOOST_REQUIRE(all.size() == 3U);
  BOOST_TEST(all[0].starts_with("order    scenario, scenario, "));
  BOOST_TEST(all[1].starts_with("         scenario, "));
  BOOST_TEST(all[2].ends_with(" scenario"));
  for (const auto& line : all) BOOST_TEST(columns(line) <= 80U);
  BOOST_TEST(wrapped("tags", {}) == "tags\n");
}

BOOST_AUTO_TEST_CASE(the_summary_says_how_to_look_at_each_post_mortem_but_at_no_more_than_three) {
  auto red = ran("new-service", {should("a", Verdict::failed)});
  auto run = run_of({red});
  BOOST_TEST(summary_lines(run, "build/report/index.html", Paint()).find("bundle") == std::string::npos);
  red.post_mortem = "post-mortem/new-service.tar.gz";
  run.scenarios.assign(5, red);
  const auto text = summary_lines(run, "build/report/index.html", Paint());
  BOOST_TEST(text.ends_with("seen     labctl doctor --bundle build/report/post-mortem/new-service.tar.gz\n"
                            "         and 2 more there\n"),
             text);
}

BOOST_AUTO_TEST_SUITE_END()
