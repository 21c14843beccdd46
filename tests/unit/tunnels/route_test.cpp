#include "tunnels/route.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace labctl::tunnels;

namespace {

const std::vector<std::string> via{"core1", "core2", "core3"};

std::string choose(const std::string& current, std::map<std::string, Way> ways) {
  return choose_node(via, current, [&](const std::string& node) { return ways.at(node); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(route)

BOOST_AUTO_TEST_CASE(the_first_node_carries_at_the_start) {
  BOOST_TEST(choose("", {{"core1", Way::unknown}, {"core2", Way::open}, {"core3", Way::open}}) == "core1");
}

BOOST_AUTO_TEST_CASE(a_node_that_is_still_connecting_is_waited_for) {
  BOOST_TEST(choose("core1", {{"core1", Way::unknown}, {"core2", Way::open}, {"core3", Way::open}}) ==
             "core1");
}

BOOST_AUTO_TEST_CASE(the_next_open_node_takes_over) {
  BOOST_TEST(choose("core1", {{"core1", Way::closed}, {"core2", Way::closed}, {"core3", Way::open}}) ==
             "core3");
  BOOST_TEST(choose("core3", {{"core1", Way::open}, {"core2", Way::open}, {"core3", Way::closed}}) ==
             "core1");
}

BOOST_AUTO_TEST_CASE(nothing_moves_back_without_need) {
  BOOST_TEST(choose("core2", {{"core1", Way::open}, {"core2", Way::open}, {"core3", Way::open}}) == "core2");
}

BOOST_AUTO_TEST_CASE(with_no_way_open_nothing_moves) {
  BOOST_TEST(choose("core2", {{"core1", Way::closed}, {"core2", Way::closed}, {"core3", Way::unknown}}) ==
             "core2");
}

BOOST_AUTO_TEST_SUITE_END()
