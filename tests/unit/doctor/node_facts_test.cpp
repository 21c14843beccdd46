#include "base/error.hpp"
#include "doctor/probes/node_report.hpp"
#include "doctor/probes/proxies.hpp"
#include "doctor/probes/volume_disk.hpp"

#include <boost/test/unit_test.hpp>

namespace labctl::doctor {

BOOST_AUTO_TEST_SUITE(node_facts)

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

BOOST_AUTO_TEST_CASE(ages_are_read_from_the_engines_table) {
  const auto ages = process_ages({"PID", "ELAPSED"}, {{"537", "1203"}, {"593", "12"}});
  BOOST_REQUIRE_EQUAL(ages.size(), 2u);
  BOOST_TEST(ages[1] == 12);
  BOOST_TEST(process_ages({"PID", "TIME"}, {{"1", "2"}}).empty());
  BOOST_TEST(process_ages({"PID", "ELAPSED"}, {{"1", "01:02"}}).empty());
  BOOST_TEST(process_ages({"PID", "ELAPSED"}, {{"1"}}).empty());
}

BOOST_AUTO_TEST_CASE(the_file_system_of_a_volume_is_read_in_bytes) {
  const auto disk = read_statfs("4096 1000 250 0 0\n", "the volume data");
  BOOST_REQUIRE(disk);
  BOOST_TEST(disk->path == "the volume data");
  BOOST_TEST(disk->size == 4096000);
  BOOST_TEST(disk->free == 1024000);
  BOOST_TEST(disk->inodes == 0);
  for (const auto* text : {"", "4096 1000", "0 0 0 0 0", "stat: cannot read file system information"})
    BOOST_TEST(!read_statfs(text, "/"));
}

BOOST_AUTO_TEST_CASE(a_domain_is_found_as_a_whole_word) {
  const std::string text = "    use_backend http-shop.lab if { hdr(host) -i shop.lab }\n";
  BOOST_TEST(domains_without_rule(text, {"shop.lab"}).empty());
  BOOST_TEST(domains_without_rule(text, {"shop.la", "op.lab"}).size() == 2u);
  BOOST_TEST(domains_without_rule("", {"shop.lab"}).empty());
}

BOOST_AUTO_TEST_CASE(only_what_is_seen_twice_counts) {
  ProxiesSeen earlier, later;
  earlier.domains_not_rendered = {"a.lab", "b.lab"};
  earlier.keys_not_rendered = {"http://a.lab"};
  earlier.caddy.keys_not_served = {"http://c.lab"};
  later.domains_not_rendered = {"b.lab", "d.lab"};
  later.keys_not_rendered = {"http://b.lab"};
  later.caddy.keys_not_served = {"http://c.lab"};
  later.caddy.differs = "it has no site for c.lab";
  const auto both = seen_twice(earlier, later);
  BOOST_TEST(both.domains_not_rendered == std::vector<std::string>{"b.lab"},
             boost::test_tools::per_element());
  BOOST_TEST(both.keys_not_rendered.empty());
  BOOST_TEST(both.caddy.keys_not_served.size() == 1u);
  BOOST_TEST(both.caddy.differs.empty());
  BOOST_TEST(proxies_differ(both));
  BOOST_TEST(!proxies_differ(seen_twice(ProxiesSeen{}, later)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor
