#include "contract/app_settings.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::contract;

BOOST_AUTO_TEST_SUITE(app_settings_of_a_compose_file)

BOOST_AUTO_TEST_CASE(the_services_are_read_together_and_each_problem_and_warning_names_its_service) {
  const auto compose = parse_compose(R"(
services:
  web:
    environment:
      CADDYFILE: "http://a, http://A:80 {\n proxy / http://$CONTAINER:80\n}"
      CONSUL_CHECK_URLS: '["http://a/health"]'
  broken:
    environment:
      CADDYFILE: "http://b {\n header / X \"don't\"\n}"
      CONSUL_CHECK_URLS: '['
  listed:
    environment: ['HAPROXY=x']
  tcp:
    environment:
      HAPROXY: '{"ssh": {"frontend": {"mode": "tcp", "bind": ["*:22"]}, "backends": [{"port": 22, "peer_port": 22}]}}'
)",
                                     "d");
  const auto settings = app_settings(compose, "p");
  BOOST_REQUIRE(settings.sites.size() == 1U);
  BOOST_TEST(settings.sites[0].body[0].words[2] == "http://p_web_1:80");
  BOOST_TEST(settings.sites[0].body.back().words[0] == "log");
  BOOST_TEST(settings.check_urls == std::vector<std::string>{"http://a/health"},
             boost::test_tools::per_element());
  BOOST_TEST(settings.haproxy.at("ssh").at("backends").at(0).at("ct") == "p_tcp_1");
  BOOST_REQUIRE(settings.problems.size() == 1U);
  BOOST_TEST(settings.problems[0] == "CADDYFILE of service broken: CADDYFILE, line 2: a quote is not closed");
  BOOST_REQUIRE(settings.warnings.size() == 4U);
  BOOST_TEST(settings.warnings[0].starts_with("service listed: environment is a list"));
  BOOST_TEST(settings.warnings[1] ==
             "CADDYFILE of service web: http://A:80 is the same address as http://a, and is left out");
  BOOST_TEST(settings.warnings[2].starts_with("CADDYFILE of service broken: line 2: a ' inside of"));
  BOOST_TEST(settings.warnings[3].find("broken") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(words_that_caddy_would_read_otherwise_are_refused_by_name) {
  const auto refusal = [](const std::string& directive) {
    Compose compose;
    compose.services.resize(1);
    compose.services[0].name = "web";
    compose.services[0].caddyfile = "http://a {\n " + directive + "\n}";
    const auto settings = app_settings(compose, "p");
    BOOST_TEST(settings.sites.empty());
    return settings.problems.size() == 1U ? settings.problems[0] : "";
  };
  const std::string site = "CADDYFILE of service web: http://a: ";
  BOOST_TEST(
      refusal("proxy /api http://api:80 { without /api }") ==
      site +
          "the brace in \"{\" of 'proxy' is no block: a { ends its line, behind a space, and a } has a line "
          "of its own");
  // The cluster has no escapes: the backslash is the end of the word.
  BOOST_TEST(refusal("redir /x \"a b\\\"") ==
             site + "the \\ at the end of \"a b\\\" of 'redir' would keep the quotes open in Caddy");
}

BOOST_AUTO_TEST_SUITE_END()
