#include "cluster/buttervolume.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::cluster;

BOOST_AUTO_TEST_SUITE(buttervolume_output)

BOOST_AUTO_TEST_CASE(a_schedule_is_action_timer_and_volume) {
  const auto all = parse_schedules(
      "replicate:10.0.0.2 60 p_dbdata\npurge:1h:1d:1w:4w:1y 1440 p_dbdata \nsnapshot 60 p_data (paused)\n");
  BOOST_REQUIRE(all.size() == 3);
  BOOST_TEST((all[0] == Schedule{"replicate:10.0.0.2", 60, "p_dbdata", false}));
  BOOST_TEST(all[0].kind() == "replicate");
  BOOST_TEST((all[1] == Schedule{"purge:1h:1d:1w:4w:1y", 1440, "p_dbdata", false}));
  BOOST_TEST(all[2].paused);
  BOOST_TEST(all[2].text() == "snapshot every 60 min of p_data (paused)");
}

BOOST_AUTO_TEST_CASE(no_output_is_an_empty_list_but_a_strange_line_is_an_error) {
  BOOST_TEST(parse_schedules("").empty());
  for (const char* line :
       {"Failed to connect to Buttervolume", "snapshot sixty p_data", "snapshot 60", "a 1 b c"}) {
    BOOST_CHECK_THROW(parse_schedules(line), Error);
  }
}

BOOST_AUTO_TEST_CASE(a_snapshot_names_its_volume_and_whom_it_was_sent_to) {
  const auto all =
      parse_snapshots("p_db@2026-11-22T14:02:45.706922\np_db@2026-11-22T14:02:45.706922@10.0.0.2\n");
  BOOST_REQUIRE(all.size() == 2);
  BOOST_TEST(all[0].volume == "p_db");
  BOOST_TEST(all[0].sent_to == "");
  BOOST_TEST(all[1].sent_to == "10.0.0.2");
  BOOST_CHECK_THROW(parse_snapshots("ERROR: no answer"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
