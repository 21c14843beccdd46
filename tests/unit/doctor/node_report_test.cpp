#include "doctor/probes/node_report.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

namespace labctl::doctor {

BOOST_AUTO_TEST_SUITE(node_report)

BOOST_AUTO_TEST_CASE(the_report_of_a_node_is_read) {
  const auto report = read_node_report(
      R"({"disks": [{"path": "/", "size": 100, "free": 40, "inodes": 10, "inodes_free": 9}, null], "watches": 1,
          "haproxy": {"age": 12.5, "text": "frontend http-in"},
          "caddy": {"Caddyfile": {"age": 3, "text": ""}, "Caddyfile.v2": {"age": 2, "text": "shop.lab {"}}})");
  BOOST_REQUIRE_EQUAL(report.disks.size(), 1u);
  BOOST_TEST(report.disks[0].free == 40);
  BOOST_TEST(report.watches.value() == 1);
  BOOST_TEST(report.haproxy_cfg.value().age == 12.5);
  BOOST_TEST(report.haproxy_cfg.value().text == "frontend http-in");
  BOOST_REQUIRE_EQUAL(report.caddyfiles.size(), 2u);
  BOOST_TEST(report.caddyfiles.at("Caddyfile.v2").text == "shop.lab {");
}

BOOST_AUTO_TEST_CASE(what_a_node_does_not_tell_is_not_known) {
  const auto report = read_node_report(R"({"disks": [null], "watches": null, "haproxy": null, "caddy": {}})");
  BOOST_TEST(report.disks.empty());
  BOOST_TEST(!report.watches);
  BOOST_TEST(!report.haproxy_cfg);
  BOOST_TEST(report.caddyfiles.empty());
}

BOOST_AUTO_TEST_CASE(anything_else_that_a_node_prints_is_an_error) {
  for (const auto* text : {"", "[]", "{}", "Traceback",
                           R"({"disks": [{"path": 1}], "watches": 1, "haproxy": null, "caddy": {}})",
                           R"({"disks": [], "watches": 1, "haproxy": null, "caddy": {"Caddyfile": 1}})"})
    BOOST_CHECK_THROW(read_node_report(text), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor
