#include "tunnels/login_limit.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace labctl::tunnels;
using namespace std::chrono_literals;

namespace {

const LoginLimit::Clock::time_point noon{1h};

}  // namespace

BOOST_AUTO_TEST_SUITE(login_limit)

BOOST_AUTO_TEST_CASE(some_logins_begin_at_once_and_the_others_one_by_one) {
  LoginLimit limit({.at_once = 3, .interval = 2s});
  for (const auto expected : {0s, 0s, 0s, 2s, 4s, 6s}) BOOST_TEST((limit.reserve(noon) == noon + expected));
}

BOOST_AUTO_TEST_CASE(sixty_four_nodes_that_retry_for_a_minute_make_few_logins) {
  LoginLimit limit({.at_once = 64 + 8, .interval = 3s});
  int begun = 0;
  // Each node wants a login every 200 ms, as soon as its last one has failed.
  std::vector<LoginLimit::Clock::time_point> next(64, noon);
  for (auto now = noon; now < noon + 60s; now += 200ms) {
    for (auto& due : next) {
      if (due > now) continue;
      due = limit.reserve(now);
      if (due <= now) ++begun;
    }
  }
  BOOST_TEST(begun <= 72 + 20);
  BOOST_TEST(begun >= 72);
}

BOOST_AUTO_TEST_CASE(time_frees_logins_up_to_the_number_at_once) {
  LoginLimit limit({.at_once = 2, .interval = 1s});
  for (int i = 0; i < 3; ++i) limit.reserve(noon);
  BOOST_TEST((limit.reserve(noon + 1h) == noon + 1h));
  BOOST_TEST((limit.reserve(noon + 1h) == noon + 1h));
  BOOST_TEST((limit.reserve(noon + 1h) == noon + 1h + 1s));
}

BOOST_AUTO_TEST_CASE(a_login_that_reached_no_node_does_not_count) {
  LoginLimit limit({.at_once = 1, .interval = 1s});
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST((limit.reserve(noon) == noon));
    limit.settle(0);
  }
}

BOOST_AUTO_TEST_CASE(jump_hosts_count) {
  LoginLimit limit({.at_once = 3, .interval = 1s});
  BOOST_TEST((limit.reserve(noon) == noon));
  limit.settle(3);  // two jump hosts and the node
  BOOST_TEST((limit.reserve(noon) == noon + 1s));
}

BOOST_AUTO_TEST_CASE(a_caller_who_asks_is_not_kept_waiting) {
  LoginLimit limit({.at_once = 1, .interval = 1min});
  limit.reserve(noon);
  BOOST_TEST((limit.reserve(noon) > noon));
  limit.renew();
  BOOST_TEST((limit.reserve(noon) == noon));
}

BOOST_AUTO_TEST_SUITE_END()
