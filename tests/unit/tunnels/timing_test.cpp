#include "tunnels/timing.hpp"

#include <boost/test/unit_test.hpp>

using labctl::ssh::Target;
using labctl::tunnels::Timing;
using namespace std::chrono_literals;

namespace {

Timing with(int connect_timeout, int alive_interval, int alive_count) {
  Target target;
  target.connect_timeout = connect_timeout;
  target.alive_interval = alive_interval;
  target.alive_count = alive_count;
  return Timing{}.adapted(target);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(timing)

BOOST_AUTO_TEST_CASE(a_configuration_without_times_changes_nothing) {
  const Timing timing = with(0, 0, 3);
  BOOST_TEST((timing.login == Timing{}.login));
  BOOST_TEST((timing.silence_asked == Timing{}.silence_asked));
  BOOST_TEST((timing.silence_lost == Timing{}.silence_lost));
}

BOOST_AUTO_TEST_CASE(server_alive_interval_and_count_say_when_a_silent_node_is_lost) {
  const Timing timing = with(0, 30, 3);
  BOOST_TEST((timing.silence_asked == 30s));
  BOOST_TEST((timing.silence_lost == 120s));
  BOOST_TEST((with(0, 10, 0).silence_lost == 20s));
}

BOOST_AUTO_TEST_CASE(a_long_connect_timeout_makes_the_login_longer) {
  BOOST_TEST((with(20, 0, 3).login == 25s));
  BOOST_TEST((with(1, 0, 3).login == Timing{}.login));
}

BOOST_AUTO_TEST_SUITE_END()
