#include "observe/claims.hpp"

#include "support/fake_cluster.hpp"
#include "support/sample_app.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::cluster;
using namespace labctl::contract;
using namespace labctl::observe;
using namespace std::chrono_literals;
using labctl::cluster::test::app;
using labctl::cluster::test::FakeCluster;
using labctl::cluster::test::repo;
using Texts = std::vector<std::string>;

namespace {

const Needs needs{app.app, "service.cluster.lab", 2244, {"sshanyblok", "anyssh"}};

Texts in_kv(const std::string& key, const std::string& value) {
  return claims_in_kv(needs, {{key, value, 1}});
}

const std::string haproxy = R"(
frontend http-in
    mode http
    bind *:80
    use_backend http-shop.lab if { hdr(host) -i shop.lab }
    use_backend http-x if { hdr(host) -i SERVICE.cluster.lab }

backend http-x
    mode http
    server core2 other_web_1:8080 resolvers dns check inter 3s

frontend front-sshother
    mode tcp
    bind *:2244
    use_backend backend-anyssh

backend backend-anyssh
    mode tcp
    server core2 other_ssh_1:22
)";

}  // namespace

BOOST_AUTO_TEST_SUITE(cluster_claims)

BOOST_AUTO_TEST_CASE(a_domain_is_claimed_by_domains_urls_or_rules) {
  BOOST_TEST(
      (in_kv("app/shop.1", R"({"domains":["service.cluster.lab"],"urls":"http://service.cluster.lab"})") ==
       Texts{"app/shop.1 claims domain service.cluster.lab"}));
  BOOST_TEST((in_kv("swarm/x", R"({"domains":["Service.Cluster.Lab:80"]})") ==
              Texts{"swarm/x claims domain Service.Cluster.Lab:80"}));
  BOOST_TEST((in_kv("app/shop.1", R"({"urls":"http://a.lab, http://service.cluster.lab/x"})") ==
              Texts{"app/shop.1 claims urls http://a.lab, http://service.cluster.lab/x"}));
  BOOST_TEST((in_kv("app/shop.1", R"({"haproxy":{"http-in":{"backends":[
                {"use_backend_option":"if { hdr(host) -i service.cluster.lab }"}]}}})") ==
              Texts{"app/shop.1 claims http-in if { hdr(host) -i service.cluster.lab }"}));
  BOOST_TEST(in_kv("app/shop.1", R"({"domains":["*.cluster.lab"]})").size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_domain_that_only_looks_alike_is_not) {
  for (const std::string other :
       {"s1.service.cluster.lab", "service.cluster.lab.org", "service.qualif.cluster.lab",
        "aservice.cluster.lab", "service.cluster.lab:8080", "*.other.lab", ""}) {
    BOOST_TEST(in_kv("app/shop.1", R"({"domains":[")" + other + R"("]})").empty(), other);
  }
}

BOOST_AUTO_TEST_CASE(a_port_is_claimed_by_binds_and_names_by_apps_alone) {
  const auto bound = [](const std::string& bind) {
    return in_kv("swarm/x", R"({"haproxy":{"ssh":{"frontend":{"bind":[")" + bind + R"("]},"backends":[]}}})");
  };
  BOOST_TEST((bound("*:2244") == Texts{"swarm/x claims bind *:2244"}));
  for (const std::string bind : {"10.0.0.1:2244 ssl", ":80,:2244", "*:2000-2300"})
    BOOST_TEST(bound(bind).size() == 1U);
  for (const std::string bind : {"*:22440", "*:2245", "*:80 name :2244", "/run/x.sock", "*:2245-2300"})
    BOOST_TEST(bound(bind).empty(), bind);
  const std::string names = R"({"haproxy":{"sshanyblok":{"backends":[{"name":"anyssh"}]}}})";
  BOOST_TEST((in_kv("app/shop.1", names) == Texts{"app/shop.1 claims the HAPROXY name sshanyblok",
                                                  "app/shop.1 claims the backend name anyssh"}));
  BOOST_TEST(in_kv("swarm/x", names).empty());
}

BOOST_AUTO_TEST_CASE(neither_the_app_itself_nor_what_does_not_read_claims_anything) {
  BOOST_TEST(in_kv(app_key(app.app), R"({"domains":["service.cluster.lab"]})").empty());
  for (const std::string value : {"", "service.cluster.lab", "[1]", R"({"domains":"service.cluster.lab"})",
                                  R"({"domains":[7],"urls":7,"haproxy":[7]})", R"({"haproxy":{"a":7}})"}) {
    const bool text = value.find("\"domains\":\"") != std::string::npos;
    BOOST_TEST(in_kv("app/shop.1", value).size() == (text ? 1U : 0U), value);
  }
}

BOOST_AUTO_TEST_CASE(a_proxy_claims_what_its_configuration_leads_elsewhere) {
  BOOST_TEST((claims_in_haproxy(needs, haproxy) ==
              Texts{"use_backend http-x if { hdr(host) -i SERVICE.cluster.lab } → "
                    "server core2 other_web_1:8080 resolvers dns check inter 3s",
                    "bind *:2244", "backend backend-anyssh → server core2 other_ssh_1:22"}));
  BOOST_TEST(claims_in_haproxy({app.app, "a.lab", 2245, {"ssh"}}, haproxy).empty());
}

BOOST_AUTO_TEST_CASE(a_caddyfile_claims_by_the_addresses_of_its_sites_alone) {
  const std::string text =
      "# http://service.cluster.lab {\nhttp://shop.lab {\n    redir http://service.cluster.lab\n"
      "    header / {\n        x y\n    }\n}\nhttp://a.lab, http://service.cluster.lab {\n"
      "    proxy / http://other_web_1:8080 {\n    }\n}\n";
  BOOST_TEST((claims_in_caddyfile(needs, text) ==
              Texts{"http://a.lab, http://service.cluster.lab { proxy / http://other_web_1:8080 {"}));
}

BOOST_FIXTURE_TEST_CASE(somebody_elses_claim_is_found_in_kv_or_else_in_a_proxy, FakeCluster) {
  BOOST_TEST(foreign_claims(cluster, needs, 1ms).empty());
  core2.files["/usr/local/etc/haproxy/haproxy.cfg"] = "    acl a hdr(host) service.cluster.lab\n";
  core2.files["/etc/caddy/Caddyfile"] = "http://service.cluster.lab {\n}\n";
  BOOST_TEST((foreign_claims(cluster, needs, 1ms) ==
              Texts{"/usr/local/etc/haproxy/haproxy.cfg of core2: acl a hdr(host) service.cluster.lab",
                    "/etc/caddy/Caddyfile of core2: http://service.cluster.lab {"}));
  core2.files["/haproxy/haproxy.cfg"] = "bind *:2244\n";  // as consul-template wrote it
  core2.files["/caddy/Caddyfile"] = "";
  BOOST_TEST((foreign_claims(cluster, needs, 1ms) ==
              Texts{"/usr/local/etc/haproxy/haproxy.cfg of core2: bind *:2244"}));
  consul.put("app/shop.1", R"({"domains":["service.cluster.lab"]})");
  BOOST_TEST((foreign_claims(cluster, needs, 1ms) == Texts{"app/shop.1 claims domain service.cluster.lab"}));
}

BOOST_FIXTURE_TEST_CASE(apps_of_one_scenario_may_share, FakeCluster) {
  const auto other = app_name(repo, "bind_relative_path");
  consul.put(app_key(other.app), R"({"domains":["service.cluster.lab"]})");
  core1.files["/etc/caddy/Caddyfile"] = "http://service.cluster.lab {\n}\n";
  BOOST_TEST(foreign_claims(cluster, needs, 1ms).size() == 1U);
  cluster.own(other);
  BOOST_TEST(foreign_claims(cluster, needs, 1ms).empty());
}

BOOST_AUTO_TEST_SUITE_END()
