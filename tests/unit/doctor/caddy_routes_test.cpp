#include "doctor/probes/caddy_routes.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

namespace labctl::doctor {
namespace {

using nlohmann::json;
using Texts = std::vector<std::string>;

// As `caddy adapt` prints it, for sites that answer with `body`.
json configuration(const Texts& hosts, const std::string& body = "") {
  json routes = json::array();
  for (const auto& host : hosts) {
    json route{{"handle", {{{"handler", "subroute"}, {"routes", {{{"handle", {{{"body", body}}}}}}}}}},
               {"terminal", true}};
    if (!host.empty()) route["match"] = {{{"host", {host}}}};
    routes.push_back(route);
  }
  return {{"apps", {{"http", {{"servers", {{"srv0", {{"listen", {":80"}}, {"routes", routes}}}}}}}}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(caddy_routes)

BOOST_AUTO_TEST_CASE(a_key_is_served_if_a_route_has_its_host) {
  const auto running = configuration({"shop.lab", "*.wild.lab"});
  BOOST_TEST(
      keys_without_route(running, {"http://SHOP.lab:8080/x", "shop.lab", "https://a.wild.lab"}).empty());
  const auto missing = keys_without_route(running, {"http://op.lab", "http://a.b.wild.lab"});
  BOOST_TEST(missing.size() == 2u);
  // Of these keys nothing can be said.
  BOOST_TEST(keys_without_route(running, {"http://*.other.lab", "http://{$HOST}", ":80"}).empty());
}

BOOST_AUTO_TEST_CASE(a_caddy_without_sites_serves_none) {
  for (const auto* running : {R"({"admin": {"listen": "localhost:2019"}})", "{}", R"({"apps": []})"})
    BOOST_TEST(keys_without_route(json::parse(running), {"http://shop.lab"}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_route_for_every_host_may_serve_any_key) {
  BOOST_TEST(keys_without_route(configuration({"shop.lab", ""}), {"http://other.lab"}).empty());
  // What is not understood may be such a route.
  for (const auto* servers : {R"([1])", R"([{"routes": 1}])", R"([{"routes": [1]}])"}) {
    const json running{{"apps", {{"http", {{"servers", json::parse(servers)}}}}}};
    BOOST_TEST(keys_without_route(running, {"http://shop.lab"}).empty());
  }
}

BOOST_AUTO_TEST_CASE(a_route_that_refuses_every_host_serves_none) {
  const auto with_last = [](const char* handler) {
    auto running = configuration({"shop.lab"});
    running["apps"]["http"]["servers"]["srv0"]["routes"].push_back({{"handle", {json::parse(handler)}}});
    return keys_without_route(running, {"http://other.lab"}).size();
  };
  BOOST_TEST(with_last(R"({"handler": "static_response", "status_code": 404})") == 1u);
  BOOST_TEST(with_last(R"({"handler": "subroute", "routes": [{"handle":
      [{"handler": "static_response", "status_code": 404}]}]})") == 1u);
  for (const auto* other :
       {R"({"handler": "static_response", "status_code": 200})", R"({"handler": "static_response"})",
        R"({"handler": "reverse_proxy"})", R"({"handler": "subroute", "routes": []})", "1"})
    BOOST_TEST(with_last(other) == 0u, other);
}

BOOST_AUTO_TEST_CASE(a_difference_is_told_in_words) {
  const auto file = configuration({"new.lab", "shop.lab"});
  BOOST_TEST(caddy_difference(file, file) == "");
  BOOST_TEST(caddy_difference(configuration({"shop.lab", "old.lab"}), file) ==
             "it has no site for new.lab, and it still serves old.lab");
  BOOST_TEST(caddy_difference(configuration({"new.lab", "shop.lab"}, "other"), file) ==
             "its sites have other directives");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor
