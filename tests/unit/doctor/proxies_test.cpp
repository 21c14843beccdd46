#include "doctor/probes/proxies.hpp"

#include <boost/test/unit_test.hpp>

namespace labctl::doctor {

BOOST_AUTO_TEST_SUITE(proxies)

BOOST_AUTO_TEST_CASE(ages_are_read_from_the_engines_table) {
  const auto ages = process_ages({"PID", "ELAPSED"}, {{"537", "1203"}, {"593", "12"}});
  BOOST_REQUIRE_EQUAL(ages.size(), 2u);
  BOOST_TEST(ages[1] == 12);
  BOOST_TEST(process_ages({"PID", "TIME"}, {{"1", "2"}}).empty());
  BOOST_TEST(process_ages({"PID", "ELAPSED"}, {{"1", "01:02"}}).empty());
  BOOST_TEST(process_ages({"PID", "ELAPSED"}, {{"1"}}).empty());
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
