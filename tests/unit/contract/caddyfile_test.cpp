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
  BOOST_TEST(refusal("# comment\na {\n}") == "a comment is read only inside of a site's block");
  BOOST_TEST(refusal("a { # comment\n}") == "a comment is read only inside of a site's block");
  BOOST_TEST(refusal("a {\n import common\n}") == "'import' is not followed");
  BOOST_TEST(refusal("(common) {\n}") == "the snippet (common) is not followed");
  BOOST_TEST(refusal("{\n}") == "a site without a key");
  BOOST_TEST(refusal("a {\n b {\n c {\n }\n }\n}") == "a block inside a block inside a site");
  BOOST_TEST(refusal("a,") == "the text ends within the keys of a site");
  BOOST_TEST(refusal("a {\n redir /x \"{\"\n}") == "a \"{\" at the end begins a block in quotes too");
}

BOOST_AUTO_TEST_CASE(a_brace_that_is_no_block_is_found) {
  const auto stray = [](const std::string& body) {
    return stray_brace(parse_caddyfile("a {\n" + body + "\n}")[0].body[0]).value_or("");
  };
  BOOST_TEST(stray("proxy /api api:80 { without /api }") == "{");
  BOOST_TEST(stray("proxy / api:80{") == "api:80{");
  BOOST_TEST(stray("proxy / api:80 {\n websocket}\n}") == "websocket}");
  BOOST_TEST(stray("header / X '{' y") == "{");
  BOOST_TEST(stray("header / X 'a {'") == "");
  BOOST_TEST(stray("header / X {host}{>Y}") == "");
  BOOST_TEST(stray("rewrite ^/[0-9]{2}$ /x{1}") == "");
  BOOST_TEST(stray("basicauth / bob p{ss") == "");
  BOOST_TEST(stray("log / stdout \"x{\"") == "");
}

BOOST_AUTO_TEST_CASE(a_word_that_caddy_would_take_for_more_is_found_or_gets_quotes) {
  const auto open = [](const std::string& word) {
    return open_quote(Directive{{"redir", "/x", word}, std::nullopt}).value_or("");
  };
  BOOST_TEST(open("a b\\") == "a b\\");
  BOOST_TEST(open("a b\\\\") == "");
  BOOST_TEST(open("b\\") == "");  // without quotes
  Site site{{"http://a"}, {{{"basicauth", "/x", "user", "#1"}, std::nullopt}}};
  BOOST_TEST(render_caddyfile({site}) == "http://a {\n    basicauth /x user \"#1\"\n}");
}

// Rendered, the comment would swallow the brace of the block that a proxy gets.
BOOST_AUTO_TEST_CASE(a_comment_ends_at_the_end_of_the_line_and_changes_nothing) {
  const std::string plain =
      rendered_with_defaults("http://a {\n proxy / http://x:80\n gzip {\n level 9\n }\n}\n");
  BOOST_TEST(rendered_with_defaults("http://a {\n # don't\n proxy / http://x:80 # backend {\n gzip {\n"
                                    " # block\n level 9 #\n } # end\n}\n") == plain);
  BOOST_TEST(parse_caddyfile("a {\n redir / /x#y\n}")[0].body[0].words == (Tokens{"redir", "/", "/x#y"}),
             boost::test_tools::per_element());
  BOOST_TEST(parse_caddyfile("a {\n x '# y'\n}")[0].body[0].words == (Tokens{"x", "# y"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_caddy_reads_otherwise_is_told_with_its_line) {
  const auto warnings = [](std::string_view text) {
    std::vector<std::string> all;
    parse_caddyfile(text, &all);
    return all;
  };
  BOOST_TEST(warnings("http://a {\n header / X \"plain\"\n gzip\n}").empty());
  const auto csp = warnings("http://a {\n gzip\n header / Content-Security-Policy \"default-src 'self'\"\n}");
  BOOST_REQUIRE(csp.size() == 1U);
  BOOST_TEST(csp[0].starts_with("line 3: a '"));
  const auto tab = warnings("http://a {\n proxy\t/ http://x\n}");
  BOOST_REQUIRE(tab.size() == 1U);
  BOOST_TEST(tab[0] == "line 2: a tab does not separate words: write a space");
  const auto bare = warnings("shop.lab {\n gzip\n}");
  BOOST_REQUIRE(bare.size() == 1U);
  BOOST_TEST(bare[0].starts_with("line 1: shop.lab has no scheme"));
  const auto stray = warnings("http://a {\n}\n}\nhttp://b {\n 'open\n}");
  BOOST_REQUIRE(stray.size() == 1U);
  BOOST_TEST(stray[0] == "line 4: the } above closes nothing, so nothing is read from here on");
  BOOST_TEST(warnings("http://a {\n}\n}\n\n").empty());
  const auto escape = warnings("http://a {\n header / X \"a \\\"b\\\" c\"\n}");
  BOOST_REQUIRE(escape.size() == 1U);
  BOOST_TEST(escape[0].starts_with("line 2: a \\ before a quote does not keep it"));
  const auto apostrophe = warnings("http://a {\n header / X it's\n header / Y it's\n}");
  BOOST_REQUIRE(!apostrophe.empty());
  BOOST_TEST(apostrophe[0] == "line 2: a ' inside of a word is removed, and begins quotes");
  for (const auto* text :
       {"http://a {\n gzip", "http://a {\n redir /x {\n gzip\n}", "http://a {\n gzip {\n level 9"}) {
    const auto end = warnings(text);
    BOOST_REQUIRE(end.size() == 1U);
    BOOST_TEST(end[0].find("the text ends before its last }") != std::string::npos);
  }
  const auto variable = warnings("http://{$SHOP_HOST} {\n gzip\n}");
  BOOST_REQUIRE(variable.size() == 1U);
  BOOST_TEST(variable[0].starts_with("line 1: {$NAME}"));
}

BOOST_AUTO_TEST_CASE(keys_of_one_address_are_one_site) {
  auto sites = parse_caddyfile("http://shop.lab, http://shop.lab:80, http://SHOP.lab/ {\n gzip\n}");
  std::vector<std::string> warnings;
  unite_addresses(sites, warnings);
  BOOST_TEST(sites[0].keys == (std::vector<std::string>{"http://shop.lab"}),
             boost::test_tools::per_element());
  BOOST_TEST(warnings.size() == 2U);
  auto two = parse_caddyfile("http://a {\n gzip\n}\nhttp://A:80 {\n log\n}");
  BOOST_CHECK_EXCEPTION(unite_addresses(two, warnings), Error, [](const Error& error) {
    return std::string(error.what()) == "two sites have the same address: http://a and http://A:80";
  });
  auto paths = parse_caddyfile("http://a/x, http://a/y, https://a, a:8080, http://a:8080 {\n}");
  warnings.clear();
  unite_addresses(paths, warnings);
  BOOST_TEST(paths[0].keys.size() == 5U);
  BOOST_TEST(warnings.empty());
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
