#include "tunnels/descriptor_reserve.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::tunnels;

BOOST_AUTO_TEST_SUITE(descriptor_reserve)

BOOST_AUTO_TEST_CASE(a_forward_with_many_connections_leaves_the_reserve_alone) {
  BOOST_TEST(may_connect(10, 1000, 4096));
  BOOST_TEST(may_connect(4096 - 257, 1000, 4096));
  BOOST_TEST(!may_connect(4096 - 256, 1000, 4096));
}

BOOST_AUTO_TEST_CASE(one_with_few_may_use_half_of_it) {
  BOOST_TEST(may_connect(4096 - 256, 7, 4096));
  BOOST_TEST(!may_connect(4096 - 256, 8, 4096));
  BOOST_TEST(may_connect(4096 - 129, 0, 4096));
  BOOST_TEST(!may_connect(4096 - 128, 0, 4096));
}

BOOST_AUTO_TEST_CASE(a_low_limit_has_a_small_reserve) {
  BOOST_TEST(may_connect(191, 50, 256));
  BOOST_TEST(!may_connect(192, 50, 256));
  BOOST_TEST(may_connect(223, 0, 256));
  BOOST_TEST(!may_connect(224, 0, 256));
}

BOOST_AUTO_TEST_CASE(a_limit_below_what_is_open_or_none_at_all_is_no_surprise) {
  BOOST_TEST(!may_connect(300, 0, 256));
  BOOST_TEST(may_connect(300, 1'000'000, ~0ULL));  // RLIM_INFINITY
}

BOOST_AUTO_TEST_CASE(no_descriptor_at_all_means_no_connection) { BOOST_TEST(!may_connect(-1, 0)); }

BOOST_AUTO_TEST_SUITE_END()
