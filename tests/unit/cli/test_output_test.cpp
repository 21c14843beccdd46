#include "cli/test_output.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::cli;

BOOST_AUTO_TEST_SUITE(test_output)

BOOST_AUTO_TEST_CASE(json_is_the_format_jsonl) {
  BOOST_TEST((chosen_format({}, false) == TestFormat::plain));
  BOOST_TEST((chosen_format(TestFormat::tap, false) == TestFormat::tap));
  BOOST_TEST((chosen_format({}, true) == TestFormat::jsonl));
  BOOST_TEST((chosen_format(TestFormat::jsonl, true) == TestFormat::jsonl));
  BOOST_CHECK_THROW(chosen_format(TestFormat::tap, true), Error);
}

BOOST_AUTO_TEST_SUITE_END()
