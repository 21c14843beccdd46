#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>

using namespace labctl;

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(line_names_place_event_and_next_step) {
  const Error error(Kind::refused, "key refused", "core1", "add the key to authorized_keys");
  BOOST_TEST(error.line() == "core1: key refused (add the key to authorized_keys)");
  BOOST_TEST(Error(Kind::timeout, "no answer").line() == "no answer");
}

BOOST_AUTO_TEST_CASE(system_error_translates_errno) {
  errno = ENOENT;
  BOOST_TEST(system_error("cannot open", "/x").line() == "/x: cannot open: No such file or directory");
}

BOOST_AUTO_TEST_SUITE_END()
