#include "scenarios/budgets.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::scenarios;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(budgets)

BOOST_AUTO_TEST_CASE(a_should_waits_for_what_is_left_since_the_look_and_at_least_a_moment) {
  const std::chrono::steady_clock::time_point look{};
  BOOST_TEST((left_since(look, 5s, look) == 5s));
  BOOST_TEST((left_since(look, 5s, look + 1s) == 4s));
  BOOST_TEST((left_since(look, 5s, look + 4s) == 2s));
  BOOST_TEST((left_since(look, 5s, look + 1h) == 2s));
  BOOST_TEST((left_since(look, 1s, look + 1h) == 1s));
}

BOOST_AUTO_TEST_SUITE_END()
