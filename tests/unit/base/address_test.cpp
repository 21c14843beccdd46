#include "base/address.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;

BOOST_AUTO_TEST_SUITE(address)

BOOST_AUTO_TEST_CASE(an_ipv6_address_stands_in_brackets_and_nothing_else_does) {
  BOOST_TEST(host_port("core1.lab", 8500) == "core1.lab:8500");
  BOOST_TEST(host_port("127.0.0.1", 80) == "127.0.0.1:80");
  BOOST_TEST(host_port("::1", 8500) == "[::1]:8500");
  BOOST_TEST(host_port("[::1]", 8500) == "[::1]:8500");
  BOOST_TEST(url_host("fe80::1%eth0") == "[fe80::1%eth0]");
}

BOOST_AUTO_TEST_CASE(addresses_are_told_from_names) {
  BOOST_TEST(parse_ipv4("127.0.0.1").value() == 0x7f000001u);
  for (const auto* text : {"", "127.1", "127.0.0.1 ", "127.0.0.256", "core1", "::1"})
    BOOST_TEST(!parse_ipv4(text), text);
  for (const auto* text : {"::1", "2001:db8::7", "fe80::1%eth0"}) BOOST_TEST(is_ipv6(text), text);
  for (const auto* text : {"", "127.0.0.1", "core1", "[::1]", "::1:", "%eth0"})
    BOOST_TEST(!is_ipv6(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
