#include "contract/compose.hpp"

#include "base/error.hpp"
#include "contract/yaml.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::contract;

BOOST_AUTO_TEST_SUITE(compose)

constexpr auto driver = "anybox/buttervolume:latest";

BOOST_AUTO_TEST_CASE(services_and_managed_volumes_come_in_file_order) {
  const auto compose = parse_compose(R"(
version: '3'
services:
  web:
    image: x/web
    networks: [a]
    environment:
      CADDYFILE: |
        http://a {
        }
      HAPROXY: {a: 1}
      CONSUL_CHECK_URLS:
    networks:
      - b
  db:
    build: .
    environment:
      - CADDYFILE=no
  nothing:
volumes:
  z: {driver: 'anybox/buttervolume:latest', name: other}
  cache:
  local: {driver: local}
  a:
    driver: anybox/buttervolume:latest
)",
                                     driver);
  BOOST_REQUIRE(compose.services.size() == 3U);
  BOOST_TEST(compose.services[0].name == "web");
  BOOST_TEST(compose.services[0].image == "x/web");
  BOOST_TEST(compose.services[0].caddyfile->get<std::string>() == "http://a {\n}\n");
  BOOST_TEST(compose.services[0].haproxy->is_object());
  BOOST_TEST(compose.services[0].check_urls->is_null());
  BOOST_TEST(compose.services[1].builds);
  BOOST_TEST(!compose.services[1].caddyfile.has_value());
  BOOST_TEST(!compose.services[2].haproxy.has_value());
  BOOST_TEST(compose.managed == (std::vector<std::string>{"z", "a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_the_cluster_does_not_see_is_told) {
  const auto warnings = [](std::string_view text) { return parse_compose(text, driver).warnings; };
  BOOST_TEST(warnings("services: {web: {image: x, environment: {CADDYFILE: ''}}}\n"
                      "volumes: {db: {driver: 'anybox/buttervolume:latest'}, c: {driver: local}, d: }")
                 .empty());
  const auto listed = warnings("services: {web: {environment: [A=1, 'CADDYFILE=http://shop.lab {}']}}");
  BOOST_REQUIRE(listed.size() == 1U);
  BOOST_TEST(listed[0] ==
             "service web: environment is a list, in which CADDYFILE is not seen: write \"CADDYFILE: …\"");
  BOOST_TEST(warnings("services: {web: {environment: [A=1]}}").empty());
  const auto named = warnings("services: {web: {container_name: shop}}");
  BOOST_REQUIRE(named.size() == 1U);
  BOOST_TEST(named[0].starts_with("service web: container_name is set"));
  for (const char* text : {"${DRIVER:-anybox/buttervolume:latest}", "anybox/buttervolume", "$DRIVER"}) {
    const auto other = warnings("services: {}\nvolumes: {db: {driver: '" + std::string(text) + "'}}");
    BOOST_REQUIRE(other.size() == 1U);
    BOOST_TEST(
        other[0].starts_with("volume db is not replicated: its driver is written as " + std::string(text)));
  }
  const auto renamed =
      warnings("services: {}\nvolumes: {db: {driver: 'anybox/buttervolume:latest', name: x}}");
  BOOST_REQUIRE(renamed.size() == 1U);
  BOOST_TEST(renamed[0].starts_with("volume db has \"name:\""));
  const auto version_1 = warnings("web: {image: shop/web}");
  BOOST_REQUIRE(version_1.size() == 1U);
  BOOST_TEST(version_1[0].starts_with("there is no mapping services:"));
}

BOOST_AUTO_TEST_CASE(missing_or_null_sections_mean_none) {
  BOOST_TEST(parse_compose("version: '2'", driver).services.empty());
  BOOST_TEST(parse_compose("services:\nvolumes:\n", driver).managed.empty());
  BOOST_CHECK_THROW(parse_compose("", driver), Error);
  BOOST_CHECK_THROW(parse_compose("- a", driver), Error);
  BOOST_CHECK_THROW(parse_compose("a: [", driver), Error);
}

BOOST_AUTO_TEST_CASE(of_duplicate_keys_the_last_value_wins_at_the_place_of_the_first) {
  BOOST_TEST(parse_yaml("a: 1\nb: 2\na: 3\n", "t").dump() == R"({"a":3,"b":2})");
}

BOOST_AUTO_TEST_CASE(plain_scalars_follow_yaml_1_1) {
  BOOST_TEST(
      parse_yaml("[yes, No, on, OFF, true, ~, null, 010, 0x1F, 1_000, 22:22, -5, 1.5, 8080]", "t").dump() ==
      "[true,false,true,false,true,null,null,8,31,1000,1342,-5,1.5,8080]");
  BOOST_TEST(parse_yaml("['yes', \"22\", !!str 8, y, 1e3, 09, 3.x, a:b]", "t").dump() ==
             R"(["yes","22","8","y","1e3","09","3.x","a:b"])");
}

BOOST_AUTO_TEST_CASE(merge_keys_give_way_to_the_mapping_s_own) {
  BOOST_TEST(parse_yaml("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n", "t")["y"].dump() == R"({"a":1,"b":3})");
}

BOOST_AUTO_TEST_CASE(alias_bombs_and_cycles_are_refused) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string name = "a" + std::to_string(i), below = "*a" + std::to_string(i - 1);
    bomb += name + ": &" + name + " [";
    for (int k = 0; k < 10; ++k) bomb += (k > 0 ? ", " : "") + below;
    bomb += "]\n";
  }
  BOOST_CHECK_THROW(parse_yaml(bomb, "t"), Error);
  BOOST_CHECK_THROW(parse_yaml("&a [*a]", "t"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
