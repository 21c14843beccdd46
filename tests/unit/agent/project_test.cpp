#include "agent/project.hpp"

#include "agent/log_setup.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "contract/record.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

using namespace labctl;
using namespace labctl::agent;

BOOST_AUTO_TEST_SUITE(project)

namespace {

const auto app = contract::app_name("https://github.com/mlfmonde/cluster_lab_test_service", "master");

Project project(const std::string& compose) {
  Project result;
  result.compose = contract::parse_compose(compose, "d");
  return result;
}

std::string refusal(const std::string& compose, const std::vector<contract::OtherApp>& others = {}) {
  auto checked = project(compose);
  try {
    check_project(checked, app, "core1", others);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

// The handler's log of a check, in the handler's own format, and the refusal.
struct Checked {
  std::vector<std::string> log;
  std::string refused;

  // The number of log lines with these words after "WARNING", tab and the app's name.
  std::size_t warned(const std::string& words) const {
    return static_cast<std::size_t>(std::count_if(log.begin(), log.end(), [&](const std::string& line) {
      return line.find("\tWARNING\t" + app.app + ": " + words) != std::string::npos;
    }));
  }
};

Checked log_of(const std::string& compose) {
  const auto before = spdlog::default_logger();
  const test::TempDir folder;
  set_up_logging({.file = folder / "handler.log"});
  Checked checked;
  checked.refused = refusal(compose);
  spdlog::set_default_logger(before);
  checked.log = lines(read_file(folder / "handler.log"));
  return checked;
}

// A compose file with this text as CADDYFILE.
std::string with_caddyfile(const std::string& text) {
  std::string compose = "services:\n  web:\n    environment:\n      CADDYFILE: |\n";
  for (const auto& line : lines(text)) compose += "        " + line + "\n";
  return compose;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_container_s_name_stands_in_the_caddyfile_only) {
  auto checked = project(R"(
services:
  web:
    environment:
      CADDYFILE: "http://a {\n proxy / http://$CONTAINER:8080\n}"
      CONSUL_CHECK_URLS: '["http://$CONTAINER"]'
)");
  check_project(checked, app, "core1", {});
  BOOST_REQUIRE(checked.sites.size() == 1U);
  BOOST_TEST(checked.sites[0].body[0].words[2] == "http://clusterlabtestservicemaster89b06_web_1:8080");
  BOOST_TEST(checked.check_urls.at(0) == "http://$CONTAINER");
}

BOOST_AUTO_TEST_CASE(everything_wrong_is_said_at_once) {
  const std::string text = refusal(R"(
services:
  a: {environment: {CADDYFILE: "x{\n}"}}
  b: {environment: {CADDYFILE: }}
  c: {environment: {CADDYFILE: "x, x {\n}"}}
  d: {environment: {HAPROXY: '{"x": {}}'}}
)");
  for (const char* part : {"service a", "service b is not text", "site x twice", "'x' has no backends"}) {
    BOOST_TEST_CONTEXT(part) { BOOST_TEST(text.find(part) != std::string::npos); }
  }
}

BOOST_AUTO_TEST_CASE(a_site_of_another_app_is_refused_and_our_own_is_not) {
  contract::Record record;
  record.caddyfile = "http://a {\n}";
  const std::string compose = "services: {a: {environment: {CADDYFILE: \"http://a {\\n}\"}}}";
  BOOST_TEST(refusal(compose, {{"other", contract::to_text(record)}}).find("belongs to other") !=
             std::string::npos);
  BOOST_TEST(refusal(compose, {{app.app, contract::to_text(record)}, {"broken", "{"}}) == "accepted");
}

BOOST_AUTO_TEST_CASE(two_services_of_one_app_are_not_compared) {
  BOOST_TEST(refusal("services: {a: {environment: {CADDYFILE: \"x {\\n}\"}}, b: {environment: {CADDYFILE: "
                     "\"x {\\n}\"}}}") == "accepted");
}

BOOST_AUTO_TEST_CASE(a_guard_that_caddy_2_does_not_have_is_logged_with_the_app_s_name) {
  const auto checked = log_of(
      with_caddyfile("http://shop.lab {\n ipfilter /admin {\n  rule allow\n  ip 10.20.0.0/16\n }\n jwt {\n"
                     "  path /private\n }\n basicauth /in bob htpasswd=/x\n"
                     " proxy / http://shop_web_1:8080\n}"));
  BOOST_TEST(checked.refused == "accepted");
  BOOST_TEST(checked.log.size() == 3U);
  const std::string site = "for Caddy 2, http://shop.lab: ";
  BOOST_TEST(
      checked.warned(site + "'ipfilter' is not known and may guard the site: /admin is closed (403)") == 1U);
  BOOST_TEST(checked.warned(site + "'jwt' is not known and may guard the site: /private is closed (403)") ==
             1U);
  BOOST_TEST(checked.warned(
                 site + "'basicauth' with a password file has no equal and may guard the site: /in ") == 1U);
}

// In app/ a key has no quotes: it would be a comment that swallows the brace of the site.
BOOST_AUTO_TEST_CASE(sites_that_the_node_s_caddyfile_could_not_hold_are_refused) {
  const auto text = refusal(with_caddyfile("\"#a\" {\n gzip\n}"));
  BOOST_TEST(text.starts_with("the sites as they are written to app/: CADDYFILE, line "), text);
}

BOOST_AUTO_TEST_CASE(an_app_without_surprises_logs_nothing) {
  const auto checked = log_of(with_caddyfile("http://a, https://b {\n proxy / http://$CONTAINER:8080\n}"));
  BOOST_TEST(checked.refused == "accepted");
  BOOST_TEST(checked.log.empty());
}

BOOST_AUTO_TEST_CASE(a_quote_inside_of_quotes_is_named_even_if_the_text_is_refused) {
  const std::string note = " header / X-Note \"don't cache\"\n";
  const std::string line_2 = "CADDYFILE of service web: line 2: a ' inside of";
  const auto one = log_of(with_caddyfile("http://a {\n" + note + "}"));
  BOOST_TEST(one.refused.find("a quote is not closed") != std::string::npos, one.refused);
  BOOST_TEST(one.warned(line_2) == 1U);
  const auto two = log_of(with_caddyfile("http://a {\n" + note + note + "}"));
  BOOST_TEST(two.refused == "accepted");
  BOOST_TEST(two.warned(line_2) == 1U);
  BOOST_TEST(two.warned("CADDYFILE of service web: line 3: a ' inside of") == 1U);
}

BOOST_AUTO_TEST_CASE(a_variable_as_the_only_site_key_is_named) {
  const auto checked = log_of(with_caddyfile("{$SHOP_HOST} {\n gzip\n}"));
  BOOST_TEST(checked.warned("CADDYFILE of service web: line 1: {$NAME} is not replaced by a variable") == 1U);
  BOOST_TEST(checked.warned("CADDYFILE of service web: line 1: {$SHOP_HOST} has no scheme") == 1U);
}

BOOST_AUTO_TEST_CASE(a_compose_file_with_another_name_is_refused_by_its_name) {
  for (const std::string name : {"compose.yaml", "compose.yml", "docker-compose.yaml"}) {
    BOOST_TEST_CONTEXT(name) {
      const test::TempDir clone;
      write_file(clone / name, "services: {}\n");
      BOOST_CHECK_EXCEPTION(read_project({}, app, clone.path()), Error, [&](const Error& error) {
        return error.kind() == Kind::not_found && error.where() == app.app &&
               error.what() == "the repository has " + name + ", but no docker-compose.yml";
      });
      write_file(clone / "docker-compose.yml", "services: {web: {image: x}}\n");
      BOOST_TEST(read_project({}, app, clone.path()).containers.size() == 1U);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
