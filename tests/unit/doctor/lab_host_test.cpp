#include "doctor/probes/lab_host.hpp"

#include <boost/test/unit_test.hpp>

namespace labctl::doctor {

BOOST_AUTO_TEST_SUITE(lab_host)

BOOST_AUTO_TEST_CASE(the_interface_of_a_route_is_read) {
  BOOST_TEST(interface_of_route(R"([{"dst":"10.0.0.3","dev":"tun0","prefsrc":"10.8.0.2"}])") == "tun0");
  for (const auto* text :
       {"", "[]", "{}", "[1]", R"([{"dev": 1}])", "RTNETLINK answers: Network is unreachable"})
    BOOST_TEST(interface_of_route(text) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor
