#include "ssh/local_address.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using labctl::ssh::addresses_of_interface;

BOOST_AUTO_TEST_SUITE(local_address)

BOOST_AUTO_TEST_CASE(an_interface_with_loopback_addresses_alone_gives_these) {
  const auto addresses = addresses_of_interface("lo");
  BOOST_TEST(std::any_of(addresses.begin(), addresses.end(),
                         [](const auto& one) { return one.to_string() == "127.0.0.1"; }));
  BOOST_TEST(addresses.size() <= 2u);
}

BOOST_AUTO_TEST_CASE(an_interface_that_is_not_there_has_none) {
  BOOST_TEST(addresses_of_interface("nobody0").empty());
  BOOST_TEST(addresses_of_interface("").empty());
}

BOOST_AUTO_TEST_SUITE_END()
