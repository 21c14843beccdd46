#include "tunnels/backoff.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace labctl::tunnels;
using labctl::ssh::Cause;
using namespace std::chrono_literals;

namespace {

const Backoff::Clock::time_point start{1h};

bool waits(const Backoff& backoff, Backoff::Clock::time_point now, Backoff::Clock::duration expected) {
  return backoff.next_attempt(now) == expected;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(backoff)

BOOST_AUTO_TEST_CASE(the_first_attempt_is_due_at_once) { BOOST_TEST(waits(Backoff(), start, 0ms)); }

BOOST_AUTO_TEST_CASE(every_failure_doubles_the_wait_up_to_the_longest) {
  Backoff backoff({.first = 200ms, .longest = 1s});
  for (const auto expected : {200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    backoff.lost(Cause::unreachable, start);
    BOOST_TEST(waits(backoff, start, expected));
  }
}

BOOST_AUTO_TEST_CASE(time_that_passes_shortens_the_wait) {
  Backoff backoff({.first = 200ms});
  backoff.lost(Cause::lost, start);
  BOOST_TEST(waits(backoff, start + 150ms, 50ms));
  BOOST_TEST(waits(backoff, start + 10s, 0ms));
}

BOOST_AUTO_TEST_CASE(while_connected_nothing_is_due) {
  Backoff backoff;
  backoff.connected(start);
  BOOST_TEST(!backoff.next_attempt(start).has_value());
}

BOOST_AUTO_TEST_CASE(a_stable_session_starts_anew_and_a_short_one_does_not) {
  Backoff backoff({.first = 200ms, .longest = 30s, .stable_after = 60s});
  backoff.lost(Cause::lost, start);
  backoff.lost(Cause::lost, start);
  backoff.connected(start);
  backoff.lost(Cause::lost, start + 59s);
  BOOST_TEST(waits(backoff, start + 59s, 800ms));
  backoff.connected(start + 60s);
  backoff.lost(Cause::lost, start + 120s);
  BOOST_TEST(waits(backoff, start + 120s, 200ms));
}

BOOST_AUTO_TEST_CASE(what_a_person_has_to_repair_is_tried_a_few_times_far_apart) {
  for (const auto cause :
       {Cause::key_refused, Cause::host_key_changed, Cause::identity_missing, Cause::agent_silent}) {
    Backoff backoff({.repair_first = 10s, .repair_tries = 4});
    for (const auto expected : {10s, 20s, 40s}) {
      backoff.lost(cause, start);
      BOOST_TEST(waits(backoff, start, expected));
    }
    backoff.lost(cause, start);
    BOOST_TEST(backoff.given_up());
    BOOST_TEST(!backoff.next_attempt(start + 1h).has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_session_in_between_starts_the_tries_anew) {
  Backoff backoff({.repair_first = 10s, .repair_tries = 2});
  backoff.lost(Cause::key_refused, start);
  backoff.connected(start);
  backoff.lost(Cause::key_refused, start);
  BOOST_TEST(waits(backoff, start, 10s));
}

BOOST_AUTO_TEST_CASE(a_second_factor_ends_the_retries) {
  Backoff backoff;
  backoff.lost(Cause::second_factor, start);
  BOOST_TEST(backoff.given_up());
  BOOST_TEST(!backoff.next_attempt(start + 1h).has_value());
}

BOOST_AUTO_TEST_CASE(what_time_may_cure_is_tried_for_ever) {
  for (const auto cause : {Cause::name_unknown, Cause::no_answer, Cause::unreachable, Cause::lost}) {
    Backoff backoff;
    for (int i = 0; i < 100; ++i) backoff.lost(cause, start);
    BOOST_TEST(waits(backoff, start, 30s));
  }
}

BOOST_AUTO_TEST_CASE(chance_spreads_the_waits_within_its_share) {
  Backoff::Clock::duration least = 1h, most = 0s;
  for (int i = 0; i < 200; ++i) {
    Backoff backoff({.first = 1s, .jitter = 0.2});
    backoff.lost(Cause::lost, start);
    least = std::min(least, *backoff.next_attempt(start));
    most = std::max(most, *backoff.next_attempt(start));
  }
  BOOST_TEST((least >= 800ms && least < 950ms));
  BOOST_TEST((most <= 1200ms && most > 1050ms));
}

BOOST_AUTO_TEST_CASE(somebody_who_asks_is_not_kept_waiting) {
  Backoff backoff;
  backoff.lost(Cause::second_factor, start);
  backoff.reset();
  BOOST_TEST(waits(backoff, start, 0ms));
}

BOOST_AUTO_TEST_CASE(a_changed_network_ends_the_wait_but_does_not_start_it_anew) {
  Backoff backoff({.first = 200ms, .longest = 30s});
  for (int i = 0; i < 100; ++i) backoff.lost(Cause::unreachable, start);
  backoff.hurry(start + 1s);
  BOOST_TEST(waits(backoff, start + 1s, 0ms));
  backoff.lost(Cause::unreachable, start + 1s);
  BOOST_TEST(waits(backoff, start + 1s, 30s));
}

BOOST_AUTO_TEST_CASE(a_changed_network_repairs_no_key) {
  Backoff backoff({.repair_first = 10s, .repair_tries = 2});
  backoff.lost(Cause::host_key_changed, start);
  backoff.hurry(start);
  BOOST_TEST(waits(backoff, start, 10s));
  backoff.lost(Cause::host_key_changed, start);
  backoff.hurry(start);
  BOOST_TEST(backoff.given_up());
}

BOOST_AUTO_TEST_CASE(a_session_that_we_ended_is_made_again_at_once) {
  Backoff backoff;
  backoff.connected(start);
  backoff.lost(Cause::stopped, start + 5s);
  BOOST_TEST(waits(backoff, start + 5s, 0ms));
}

BOOST_AUTO_TEST_SUITE_END()
