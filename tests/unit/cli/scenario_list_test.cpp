#include "cli/scenario_list.hpp"

#include "base/table.hpp"
#include "base/text.hpp"
#include "scenarios/table.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace labctl;
using namespace labctl::cli;

BOOST_AUTO_TEST_SUITE(scenario_list_text)

BOOST_AUTO_TEST_CASE(every_scenario_fits_a_terminal_and_begins_at_the_first_column) {
  const auto table = scenarios::table({});
  std::vector<std::string> names;
  for (const auto& line : lines(scenario_list(table))) {
    BOOST_TEST(columns(line) <= 80U, line);
    if (!line.starts_with(' ')) names.push_back(line.substr(0, line.find(' ')));
  }
  BOOST_REQUIRE(names.size() == table.size());
  for (std::size_t i = 0; i < names.size(); ++i) BOOST_TEST(names[i] == table[i].name);
}

BOOST_AUTO_TEST_CASE(a_scenario_has_its_move_its_shoulds_and_its_tags) {
  runner::Scenario one;
  one.name = "move-without-caddy";
  one.summary = "core1/core4 → core3/core2";
  one.tags = {"switch", "master-slave", "known-issue"};
  one.shoulds.resize(37);
  auto long_one = one;
  long_one.name = "master-slave-to-master-only-promote-slave";
  long_one.tags = {"slave"};
  BOOST_TEST(scenario_list({one, long_one}) ==
             "move-without-caddy           core1/core4 → core3/core2 37  switch, master-slave,\n"
             "                                                           known-issue\n"
             "master-slave-to-master-only-promote-slave\n"
             "                             core1/core4 → core3/core2 37  slave\n");
}

BOOST_AUTO_TEST_CASE(json_has_the_texts_of_the_shoulds) {
  runner::Scenario one;
  one.name = "new-service";
  one.shoulds.push_back({"have a key", {}});
  const auto list = nlohmann::json::parse(scenario_list_json({one}));
  BOOST_TEST(list.at(0).at("name") == "new-service");
  BOOST_TEST(list.at(0).at("shoulds").at(0) == "have a key");
}

BOOST_AUTO_TEST_SUITE_END()
