#include "base/deadline.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(deadline)

BOOST_AUTO_TEST_CASE(a_passed_deadline_has_nothing_left) {
  const auto deadline = Deadline::in(-1s);
  BOOST_TEST(deadline.passed());
  BOOST_TEST(deadline.left().count() == 0);
}

BOOST_AUTO_TEST_CASE(at_most_never_extends) {
  const auto hour = Deadline::in(1h);
  BOOST_TEST((hour.at_most(1min).budget() <= 1min));
  BOOST_TEST((hour.at_most(2h).budget() <= 1h));
  BOOST_TEST(Deadline::in(-1s).at_most(1min).passed());
}

BOOST_AUTO_TEST_SUITE_END()
