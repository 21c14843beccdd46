#include "agent/project.hpp"

#include "base/error.hpp"
#include "contract/record.hpp"

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_SUITE_END()
