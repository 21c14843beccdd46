#include "tunnels/sleep_detector.hpp"

#include <boost/test/unit_test.hpp>

using labctl::tunnels::SleepDetector;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(sleep_detector)

BOOST_AUTO_TEST_CASE(clocks_that_go_on_together_are_no_sleep) {
  SleepDetector detector({.boot = 100s, .monotonic = 40s}, 2s);
  BOOST_TEST(!detector.woke({.boot = 102s, .monotonic = 42s}));
  BOOST_TEST(!detector.woke({.boot = 105s, .monotonic = 45s}));
}

BOOST_AUTO_TEST_CASE(a_boot_clock_that_runs_ahead_is_sleep_and_is_told_once) {
  SleepDetector detector({.boot = 100s, .monotonic = 40s}, 2s);
  BOOST_TEST(detector.woke({.boot = 3702s, .monotonic = 42s}));
  BOOST_TEST(!detector.woke({.boot = 3704s, .monotonic = 44s}));
}

BOOST_AUTO_TEST_CASE(a_call_that_comes_far_too_late_is_like_sleep) {
  SleepDetector detector({.boot = 100s, .monotonic = 40s}, 2s);
  BOOST_TEST(!detector.woke({.boot = 106s, .monotonic = 46s}));
  BOOST_TEST(detector.woke({.boot = 113s, .monotonic = 53s}));
}

BOOST_AUTO_TEST_CASE(a_short_difference_of_the_clocks_is_no_sleep) {
  SleepDetector detector({.boot = 100s, .monotonic = 40s}, 2s);
  BOOST_TEST(!detector.woke({.boot = 103900ms, .monotonic = 42s}));
}

BOOST_AUTO_TEST_SUITE_END()
