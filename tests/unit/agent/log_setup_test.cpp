#include "agent/log_setup.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::agent;

BOOST_AUTO_TEST_SUITE(log_setup)

BOOST_AUTO_TEST_CASE(python_formats_become_patterns) {
  BOOST_TEST(spdlog_pattern(LogOptions{}.format) == "%Y-%m-%d %H:%M:%S,%e\t%*\t%v");
  BOOST_TEST(spdlog_pattern("[%(name)s] %(message)s") == "[%n] %v");
}

BOOST_AUTO_TEST_SUITE_END()
