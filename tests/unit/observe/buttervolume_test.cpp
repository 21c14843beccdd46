#include "observe/buttervolume.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::observe;

BOOST_AUTO_TEST_SUITE(buttervolume)

BOOST_AUTO_TEST_CASE(a_schedule_in_words_has_its_action_timer_and_volume) {
  const Schedule purge{"purge:1h:1d:1w:4w:1y", 1440, "p_dbdata", true};
  BOOST_TEST(purge.kind() == "purge");
  BOOST_TEST(purge.text() == "purge:1h:1d:1w:4w:1y every 1440 min of p_dbdata (paused)");
}

BOOST_AUTO_TEST_CASE(a_snapshot_names_its_volume_and_whom_it_was_sent_to) {
  const auto plain = snapshot_named("p_db@2026-11-22T14:02:45.706922");
  BOOST_TEST(plain.volume == "p_db");
  BOOST_TEST(plain.sent_to == "");
  BOOST_TEST(snapshot_named("p_db@2026-11-22T14:02:45.706922@10.0.0.2").sent_to == "10.0.0.2");
  BOOST_TEST(snapshot_named("lost+found").volume == "lost+found");
}

BOOST_AUTO_TEST_SUITE_END()
