#include "tunnels/announcer.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::tunnels;

BOOST_AUTO_TEST_SUITE(announcer)

BOOST_AUTO_TEST_CASE(the_summary_counts_forwards_and_names_those_that_are_down) {
  Status status;
  for (const char* name : {"consul", "docker_core1", "docker_core2"}) {
    status.forwards.emplace_back();
    status.forwards.back().name = name;
    status.forwards.back().state = ForwardState::up;
  }
  BOOST_TEST(summary(status) == "3 of 3 forwards up");
  status.forwards[1].state = ForwardState::down;
  status.forwards[2].state = ForwardState::starting;
  BOOST_TEST(summary(status) == "1 of 3 forwards up, down: docker_core1, docker_core2");
}

BOOST_AUTO_TEST_SUITE_END()
