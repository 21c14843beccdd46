#include "contract/checks.hpp"

#include "contract/record.hpp"
#include "contract/schedules.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::contract;

BOOST_AUTO_TEST_SUITE(checks)

namespace {

OtherApp other(const std::string& app, const std::string& caddyfile, const std::string& master) {
  Record record;
  record.caddyfile = caddyfile;
  record.at.master = master;
  record.domains = site_domains(parse_caddyfile(caddyfile));
  return {app, to_text(record)};
}

}  // namespace

BOOST_AUTO_TEST_CASE(check_urls_are_a_list_in_text) {
  BOOST_TEST(parse_check_urls(R"(["http://a", "http://b"])", "s").urls ==
                 (std::vector<std::string>{"http://a", "http://b"}),
             boost::test_tools::per_element());
  BOOST_TEST(parse_check_urls("- http://a\n- http://b\n", "s").urls.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_bare_url_is_one_url) {
  BOOST_TEST(parse_check_urls("http://a", "s").urls == (std::vector<std::string>{"http://a"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(anything_else_is_ignored_with_a_warning) {
  for (const char* text : {"", "{", "{a: b}", "5"}) {
    BOOST_TEST(parse_check_urls(text, "s").urls.empty());
    BOOST_TEST(parse_check_urls(text, "s").warnings.size() == 1U);
  }
  BOOST_TEST(parse_check_urls(nullptr, "s").warnings.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_registration_drops_empty_urls) {
  BOOST_TEST(
      registration("n", {"http://a", "", "http://b"}) ==
      R"({"Name":"n","Checks":[{"HTTP":"http://a","Interval":"60s"},{"HTTP":"http://b","Interval":"60s"}]})");
  BOOST_TEST(registration("n", {}) == R"({"Name":"n","Checks":[]})");
}

BOOST_AUTO_TEST_CASE(a_site_key_of_another_app_is_a_conflict) {
  const auto sites = parse_caddyfile("http://a {\n}");
  BOOST_TEST(check_claims("n", "core1", sites, {other("m", "http://a {\n}", "core1")}).conflicts.size() ==
             1U);
  BOOST_TEST(check_claims("n", "core1", sites, {other("m", "http://b {\n}", "core1")}).conflicts.empty());
  const auto same_address = check_claims("n", "core1", sites, {other("m", "http://A:80/ {\n}", "core1")});
  BOOST_REQUIRE(same_address.conflicts.size() == 1U);
  BOOST_TEST(same_address.conflicts[0] ==
             "http://a, which is the address of http://A:80/, belongs to m already");
}

BOOST_AUTO_TEST_CASE(an_app_does_not_conflict_with_itself_even_with_a_slash_in_its_branch) {
  const auto sites = parse_caddyfile("http://a {\n}");
  BOOST_TEST(check_claims("f_Feature/X.1", "c", sites, {other("f_Feature/X.1", "http://a {\n}", "c")})
                 .conflicts.empty());
}

BOOST_AUTO_TEST_CASE(a_domain_shared_across_masters_is_a_warning) {
  const auto sites = parse_caddyfile("http://a/x {\n}");
  const auto claims = check_claims("n", "core1", sites, {other("m", "http://a/y {\n}", "core2")});
  BOOST_TEST(claims.conflicts.empty());
  BOOST_TEST(claims.warnings.size() == 1U);
  BOOST_TEST(check_claims("n", "core1", sites, {other("m", "http://a/y {\n}", "core1")}).warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_malformed_foreign_record_does_not_block) {
  const auto claims =
      check_claims("n", "c", parse_caddyfile("http://a {\n}"), {{"m", "no json"}, {"o", "{}"}});
  BOOST_TEST(claims.conflicts.empty());
  BOOST_TEST(claims.warnings.size() == 1U);
}

BOOST_AUTO_TEST_CASE(schedule_texts_are_the_agreed_ones) {
  BOOST_TEST(copy_action("10.0.0.2") == "replicate:10.0.0.2");
  BOOST_TEST(copy_action(std::nullopt) == "snapshot");
  BOOST_TEST(purge_action == "purge:1h:1d:1w:4w:1y");
}

BOOST_AUTO_TEST_SUITE_END()
