#include "contract/caddyfile.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::contract;

BOOST_AUTO_TEST_SUITE(caddyfile)

namespace {

std::string rendered_with_defaults(std::string_view text) {
  auto sites = parse_caddyfile(text);
  for (auto& site : sites) apply_defaults(site);
  return render_caddyfile(sites);
}

std::string refusal(std::string_view text) {
  try {
    parse_caddyfile(text);
  } catch (const Error& error) {
    BOOST_TEST((error.kind() == Kind::invalid));
    return error.what();
  }
  return "accepted";
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_plain_http_site_gets_the_defaults_of_the_contract) {
  const std::string expected =
      "http://service.cluster.lab {\n"
      "    proxy / http://p_anyblok_1:8080 {\n"
      "        websocket\n"
      "        insecure_skip_verify\n"
      "        header_upstream Host {host}\n"
      "        header_upstream X-Real-IP {remote}\n"
      "        header_upstream X-Forwarded-Proto {scheme}\n"
      "    }\n"
      "    gzip\n"
      "    timeouts 300s\n"
      "    log / stdout \"{hostonly} - {>X-Forwarded-For} - {user} [{when}] \\\"{method} {uri} {proto}\\\" "
      "{status} "
      "{size} \\\"{>Referer}\\\" \\\"{>User-Agent}\\\"\"\n"
      "}";
  BOOST_TEST(rendered_with_defaults("http://service.cluster.lab {\n  proxy / http://p_anyblok_1:8080\n}\n") ==
             expected);
  BOOST_TEST(rendered_with_defaults(
                 "http://service.cluster.lab {\n  proxy / http://p_anyblok_1:8080 {\n except /a\n}"
                 "\n log / stderr\n}\n") == expected);
}

BOOST_AUTO_TEST_CASE(an_https_site_is_proxied_transparently) {
  BOOST_TEST(
      rendered_with_defaults("https://a, http://b {\n gzip {\n level 9\n }\n timeouts 5s\n proxy / x\n}") ==
      "https://a, http://b {\n"
      "    gzip {\n"
      "        level 9\n"
      "    }\n"
      "    timeouts 5s\n"
      "    proxy / x {\n"
      "        websocket\n"
      "        insecure_skip_verify\n"
      "        transparent\n"
      "    }\n"
      "    log / stdout \"{hostonly} - {combined}\"\n"
      "}");
}

BOOST_AUTO_TEST_CASE(keys_are_separated_by_commas_and_blanks) {
  const auto sites = parse_caddyfile("a, b c ,d,\n  e {\n}\nf,g {\n}");
  BOOST_REQUIRE(sites.size() == 2U);
  BOOST_TEST(sites[0].keys == (std::vector<std::string>{"a", "b", "c", "d", "e"}),
             boost::test_tools::per_element());
  BOOST_TEST(sites[1].keys == (std::vector<std::string>{"f,g"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(quotes_of_both_kinds_toggle_one_state_and_are_removed) {
  const auto sites = parse_caddyfile("a {\n x \"b c\" d'e f\"g\n y\t\tz\n}");
  BOOST_TEST(sites[0].body[0].words == (Tokens{"x", "b c", "de fg"}), boost::test_tools::per_element());
  BOOST_TEST(sites[0].body[1].words == (Tokens{"y\t\tz"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_open_quote_goes_on_in_the_next_line) {
  const auto sites = parse_caddyfile("a {\n x \"b\n   c\" d\n}");
  BOOST_TEST(sites[0].body[0].words == (Tokens{"x", "b\nc", "d"}), boost::test_tools::per_element());
  BOOST_TEST(refusal("a {\n x \"b\n\n c\"\n}") == "a blank line inside quotes");
  BOOST_TEST(refusal("a {\n x \"b\n c\n}") == "a quote is not closed");
}

BOOST_AUTO_TEST_CASE(what_the_grammar_forgives) {
  BOOST_TEST(parse_caddyfile("").empty());
  BOOST_TEST(parse_caddyfile("a {\n b").size() == 1U);  // the last brace is missing
  BOOST_TEST(parse_caddyfile("a {\n b {\n c\n").size() == 1U);
  BOOST_TEST(parse_caddyfile("a {\n}\n}\nb {\n}").size() == 1U);  // a stray one ends the text
}

BOOST_AUTO_TEST_CASE(what_the_grammar_refuses) {
  BOOST_TEST(refusal("host{\n}") == "a site line must end in a separate '{'");
  BOOST_TEST(refusal("# comment\na {\n}") == "a site line must end in a separate '{'");
  BOOST_TEST(refusal("{\n}") == "a site without a key");
  BOOST_TEST(refusal("a {\n b {\n c {\n }\n }\n}") == "a block inside a block inside a site");
  BOOST_TEST(refusal("a,") == "the text ends within the keys of a site");
}

BOOST_AUTO_TEST_CASE(what_is_rendered_reads_back_as_the_same_keys) {
  const std::string text =
      rendered_with_defaults("http://a, https://b {\n proxy / x\n header / X \"y z\"\n}\nc {\n}");
  const auto keys = site_keys(parse_caddyfile(text));
  BOOST_TEST(keys == (std::vector<std::string>{"http://a", "https://b", "c"}),
             boost::test_tools::per_element());
  BOOST_TEST(render_caddyfile({}) == "");
  BOOST_TEST(text.back() == '}');
}

BOOST_AUTO_TEST_CASE(domains_are_the_distinct_authorities) {
  const auto sites = parse_caddyfile("http://a:81/x, https://b {\n}\nhttps://b/y, plain {\n}");
  BOOST_TEST(site_domains(sites) == (std::vector<std::string>{"a:81", "b"}),
             boost::test_tools::per_element());
  BOOST_TEST(!duplicate_key(sites).has_value());
  BOOST_TEST(duplicate_key(parse_caddyfile("a, b {\n}\nc, b {\n}")).value() == "b");
}

BOOST_AUTO_TEST_SUITE_END()
