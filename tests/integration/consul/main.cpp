#define BOOST_TEST_NO_MAIN
#define BOOST_TEST_MODULE consul_agent
#include "agent.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  if (!labctl::test::consul_program()) {
    std::puts("skipped: no consul on PATH or in the cache; tools/setup builds it");
    return 77;
  }
  return boost::unit_test::unit_test_main(&init_unit_test, argc, argv);
}
