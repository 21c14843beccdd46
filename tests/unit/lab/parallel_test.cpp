#include "lab/parallel.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <latch>

using labctl::Error;
using labctl::Kind;
using labctl::lab::in_parallel;

BOOST_AUTO_TEST_SUITE(parallel)

BOOST_AUTO_TEST_CASE(all_run_at_once) {
  std::latch both(2);
  in_parallel({{"a", [&] { both.arrive_and_wait(); }}, {"b", [&] { both.arrive_and_wait(); }}});
  BOOST_TEST(both.try_wait());
}

BOOST_AUTO_TEST_CASE(an_error_says_whom_it_is_about_and_waits_for_the_others) {
  std::atomic<bool> other{false};
  try {
    in_parallel({{"core1", [] { throw Error(Kind::timeout, "late", "init", "look"); }},
                 {"core2", [&] { other = true; }}});
    BOOST_ERROR("no error");
  } catch (const Error& error) {
    BOOST_TEST((error.kind() == Kind::timeout));
    BOOST_TEST(error.line() == "core1: init: late (look)");
  }
  BOOST_TEST(other);
}

BOOST_AUTO_TEST_CASE(a_cause_is_better_than_the_interrupt_that_followed) {
  try {
    in_parallel({{"core1", [] { throw Error(Kind::interrupted, "interrupted"); }},
                 {"core2", [] { throw Error(Kind::lab, "broken"); }}});
    BOOST_ERROR("no error");
  } catch (const Error& error) {
    BOOST_TEST((error.kind() == Kind::lab));
  }
}

BOOST_AUTO_TEST_CASE(foreign_exceptions_become_errors) {
  BOOST_CHECK_THROW(in_parallel({{"x", [] { throw std::runtime_error("odd"); }}}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
