#include "agent/migration.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::agent;

BOOST_AUTO_TEST_SUITE(migration)

BOOST_AUTO_TEST_CASE(volumes_pair_by_what_follows_the_first_underscore) {
  const auto pairs =
      volume_pairs({"p_dbdata", "p_any_data", "p_only"}, {"q_any_data", "q_data", "q_dbdata", "other"});
  BOOST_REQUIRE(pairs.size() == 2U);
  BOOST_TEST((pairs[0] == VolumePair{"p_dbdata", "q_dbdata"}));
  BOOST_TEST((pairs[1] == VolumePair{"p_any_data", "q_any_data"}));
  BOOST_TEST(volume_pairs({"plain"}, {"plain"}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
