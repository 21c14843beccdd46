#include "lab/containers.hpp"

#include "base/error.hpp"
#include "lab/plan.hpp"
#include "support/error_of.hpp"
#include "support/fake_server.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace labctl::lab;

namespace {

std::vector<ContainerPlan> stack(int nodes) {
  const auto lab = plan({.nodes = nodes}, parse_subnet("10.1.2.0/24").value(), 8500);
  return stack_of(lab, lab.nodes.front());
}

bool has(const nlohmann::json& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(containers)

BOOST_AUTO_TEST_CASE(they_have_the_names_of_the_contract) {
  std::vector<std::string> names;
  for (const auto& container : stack(4)) names.push_back(container.name);
  BOOST_TEST(names == (std::vector<std::string>{"cluster_consul_1", "cluster_haproxy_1", "cluster_caddy_1"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(consul_sees_docker_the_plugins_and_deploy_under_the_same_path) {
  const auto consul = stack(4)[0].body;
  BOOST_TEST(consul["HostConfig"]["NetworkMode"] == "host");
  for (const char* bind :
       {"/run/docker.sock:/run/docker.sock", "/run/docker/plugins:/run/docker/plugins", "/deploy:/deploy"}) {
    BOOST_TEST(has(consul["HostConfig"]["Binds"], bind), bind);
  }
  BOOST_TEST(has(consul["Env"], "BTRFSDRIVER=anybox/buttervolume:latest"));
  BOOST_TEST(has(consul["Env"], "CONSUL_RETRY_JOIN=10.1.2.11 10.1.2.12 10.1.2.13 10.1.2.14"));
  BOOST_TEST(has(consul["Env"], "CONSUL_BOOTSTRAP_EXPECT=3"));
}

BOOST_AUTO_TEST_CASE(a_lab_of_fewer_nodes_can_still_elect_a_leader) {
  BOOST_TEST(has(stack(2)[0].body["Env"], "CONSUL_BOOTSTRAP_EXPECT=2"));
  BOOST_TEST(has(stack(1)[0].body["Env"], "CONSUL_BOOTSTRAP_EXPECT=1"));
}

BOOST_AUTO_TEST_CASE(the_proxies_share_a_network_and_only_haproxy_publishes) {
  const auto all = stack(4);
  const auto haproxy = all[1].body["HostConfig"], caddy = all[2].body["HostConfig"];
  BOOST_TEST(haproxy["NetworkMode"] == "cluster_default");
  BOOST_TEST(caddy["NetworkMode"] == "cluster_default");
  for (const char* port : {"80/tcp", "443/tcp", "1443/tcp", "2244/tcp", "2249/tcp"})
    BOOST_TEST(haproxy["PortBindings"].contains(port), port);
  BOOST_TEST(!caddy.contains("PortBindings"));
  BOOST_TEST(all[2].body["NetworkingConfig"]["EndpointsConfig"]["cluster_default"]["Aliases"][0] == "caddy");
}

BOOST_AUTO_TEST_CASE(a_reload_of_caddy_loses_no_connection_that_waits_to_be_accepted) {
  BOOST_TEST(stack(4)[2].body["HostConfig"]["Sysctls"]["net.ipv4.tcp_migrate_req"] == "1");
}

BOOST_AUTO_TEST_CASE(no_container_is_privileged) {
  for (const auto& container : stack(4)) BOOST_TEST(!container.body["HostConfig"].contains("Privileged"));
}

// A dockerd that gives these answers when it is asked to enable its plugin; the last one enables it. Returns
// the number of requests.
int enable_calls(const std::vector<std::pair<int, std::string>>& answers,
                 const std::function<void(labctl::docker::Engine&)>& use) {
  std::atomic<std::size_t> calls = 0;
  const labctl::test::FakeServer server(
      [&](const labctl::test::FakeRequest& request, const labctl::test::FakeConnection& connection) {
        if (request.target.find("/enable") == std::string::npos) {
          connection.reply(200, "");
        } else {
          const auto& [status, body] = answers.at(std::min(calls++, answers.size() - 1));
          connection.reply(status, body);
        }
        return true;
      });
  labctl::docker::Engine engine(server.address());
  use(engine);
  return static_cast<int>(calls);
}

BOOST_AUTO_TEST_CASE(a_plugin_too_slow_for_dockerd_is_started_again) {
  const std::string gone = R"({"message":"dial unix /run/x/btrfs.sock: connect: no such file or directory"})";
  const int calls = enable_calls({{500, gone}, {500, gone}, {200, ""}}, [](labctl::docker::Engine& engine) {
    enable_plugin(engine, labctl::Deadline::in(std::chrono::seconds(30)));
  });
  BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_CASE(a_plugin_that_cannot_start_is_not_tried_twice) {
  const int calls =
      enable_calls({{500, R"({"message":"no such device"})"}}, [](labctl::docker::Engine& engine) {
        const auto error = labctl::test::error_of(
            [&] { enable_plugin(engine, labctl::Deadline::in(std::chrono::seconds(30))); });
        BOOST_TEST(std::string(error.what()) == "no such device");
      });
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_SUITE_END()
