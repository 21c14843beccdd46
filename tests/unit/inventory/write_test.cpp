#include "inventory/write.hpp"

#include "inventory/salt.hpp"
#include "support.hpp"

#include <nlohmann/json.hpp>

namespace labctl::inventory {

BOOST_FIXTURE_TEST_SUITE(writing, Places)

BOOST_AUTO_TEST_CASE(what_is_written_reads_back_as_the_same_inventory) {
  for (const std::string yaml : {
           "version: 1\nnodes: {core1: {address: a}}\n",
           "version: 1\nname: lab7\ndefaults: {user: core, identity: /k, known_hosts: /h, agent: false}\n"
           "nodes: {core1: {address: 192.0.2.1}, core2: {address: 192.0.2.1, port: 23, agent: true, user: "
           "'007'}}\n"
           "consul: {via: core2, local: \"{runtime}/consul.sock\"}\ndocker: {local: \"/tmp/core1/{node}\", "
           "remote: \"localhost:2375\"}\n"
           "forwards: [{name: m, remote: /m, local: \"/tmp/{node}.m\"}]\nhosts: {a.b: core1}\ncluster: "
           "{disposable: true, service: {writable: true}}\n",
           "version: 1\nnodes: {core1: {address: a}}\ncluster: {service: {ssh_ports: [2250, 2251]}}\n",
           "version: 1\nnodes: {core1: {address: a}, core2: {address: b}}\nforwards:\n"
           "  - {name: socks, local: \"{runtime}/s_{node}.sock\", dynamic: true}\n"
           "  - {name: back, via: [core1, core2], listen: \"127.0.0.1:90\", to: \"{runtime}/{node}\"}\n"
           "  - {name: wide, via: core1, listen: \"[::]:91\", to: \"localhost:91\", public: true}\n",
           "version: 1\nnodes: {core1: {address: a, identity: /a}, core2: {address: b}}\n",
       }) {
    const auto inventory = parse(yaml, "/i/inv.yaml");
    for (const auto values : {Values::effective, Values::non_default}) {
      const auto text = to_yaml(inventory, "two\nlines", values);
      BOOST_TEST_CONTEXT(text) {
        BOOST_CHECK(text.starts_with("# two\n# lines\nversion: 1\n"));
        BOOST_CHECK(parse(text, "/i/inv.yaml") == inventory);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_salt_makes_is_written_in_few_lines) {
  const auto made =
      inventory_from_salt(parse_salt("{\"core2\": [\"fd00::2\"], \"core1\": [\"192.0.2.1\"]}"),
                          {.identity = "~/k", .via = {"core2"}, .known_hosts = "/i/inv.known_hosts"});
  BOOST_CHECK_EQUAL(to_yaml(made.inventory, "Made by labctl inventory from-salt."),
                    "# Made by labctl inventory from-salt.\n"
                    "version: 1\n"
                    "defaults:\n"
                    "  user: core\n"
                    "  identity: /home/tester/k\n"
                    "  known_hosts: /i/inv.known_hosts\n"
                    "nodes:\n"
                    "  core1: {address: 192.0.2.1}\n"
                    "  core2: {address: fd00::2}\n"
                    "consul: {via: [core2], remote: \"localhost:8500\", local: \"127.0.0.1:8500\"}\n"
                    "docker: {remote: \"/var/run/docker.sock\", local: \"{runtime}/docker_{node}.sock\"}\n");
}

BOOST_AUTO_TEST_CASE(effective_values_of_the_cluster_are_written_all) {
  const auto text =
      to_yaml(parse("version: 1\nnodes: {core1: {address: a}}\ncluster: {disposable: true}\n", "i"));
  BOOST_CHECK_EQUAL(text.substr(text.find("cluster:")),
                    "cluster:\n"
                    "  disposable: true\n"
                    "  consul_container: cluster_consul_1\n"
                    "  haproxy_container: cluster_haproxy_1\n"
                    "  caddy_container: cluster_caddy_1\n"
                    "  volume_driver: anybox/buttervolume:latest\n"
                    "  replication_port: 1122\n"
                    "  deploy_root: /deploy\n"
                    "  service:\n"
                    "    repo: https://github.com/mlfmonde/cluster_lab_test_service\n"
                    "    ssh_port: 2244\n");
}

BOOST_AUTO_TEST_CASE(default_values_can_be_left_out) {
  const auto written = [](const std::string& yaml) {
    return to_yaml(parse("name: default\n" + yaml, "i"), {}, Values::non_default);
  };
  const std::string nodes = "nodes:\n  core1: {address: a}\n";
  const std::string beginning =
      "version: 1\nname: default\n" + nodes +
      "consul: {via: [core1], remote: \"localhost:8500\", local: \"127.0.0.1:8500\"}\n";
  BOOST_CHECK_EQUAL(written("version: 1\n" + nodes), beginning);
  BOOST_CHECK_EQUAL(written("version: 1\n" + nodes + "cluster: {deploy_root: /d}\n"),
                    beginning + "cluster:\n  deploy_root: /d\n");
  BOOST_CHECK_EQUAL(written("version: 1\n" + nodes + "cluster: {service: {ssh_port: 22}}\n"),
                    beginning + "cluster:\n  service:\n    ssh_port: 22\n");
  BOOST_CHECK_EQUAL(
      written("version: 1\n" + nodes + "docker: {remote: \"localhost:2375\"}\n"),
      beginning + "docker: {remote: \"localhost:2375\", local: \"{runtime}/docker_{node}.sock\"}\n");
}

BOOST_AUTO_TEST_CASE(the_runtime_folder_is_written_as_a_placeholder) {
  const auto text = to_yaml(parse("version: 1\nnodes: {core1: {address: a}}\n", "i"));
  BOOST_CHECK(text.find("\"{runtime}/docker_{node}.sock\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_nodes_name_may_be_a_part_of_the_default_path) {
  const auto inventory = parse("version: 1\nnodes: {docker: {address: a}, sock: {address: b}}\n", "i");
  BOOST_CHECK(parse(to_yaml(inventory), "i") == inventory);
}

BOOST_AUTO_TEST_CASE(docker_forwards_without_a_pattern_are_refused) {
  auto inventory = parse("version: 1\nnodes: {core1: {address: a}, core2: {address: b}}\n", "i");
  inventory.forwards[2].local.path = "/elsewhere/x.sock";
  BOOST_CHECK_THROW(to_yaml(inventory), Error);
}

BOOST_AUTO_TEST_CASE(json_has_the_effective_values) {
  const auto json = nlohmann::json::parse(
      to_json(parse("version: 1\nname: x\ndefaults: {user: core}\nnodes: {core1: {address: a}}\n", "i")));
  BOOST_CHECK_EQUAL(json["nodes"][0]["user"], "core");
  BOOST_CHECK_EQUAL(json["forwards"][1]["local"], "/run/tester/x/docker_core1.sock");
  BOOST_CHECK_EQUAL(json["forwards"][1]["direction"], "local");
  BOOST_CHECK_EQUAL(json["cluster"]["service"]["ssh_port"], 2244);
  BOOST_CHECK(json["cluster"]["service"]["ssh_ports"] == nlohmann::json::array({2244}));
}

BOOST_AUTO_TEST_CASE(json_has_no_remote_end_for_a_dynamic_forward) {
  const auto json = nlohmann::json::parse(to_json(parse(
      "version: 1\nnodes: {core1: {address: a}}\nforwards: [{name: s, local: /s, dynamic: true}]\n", "i")));
  BOOST_CHECK_EQUAL(json["forwards"][2]["direction"], "dynamic");
  BOOST_CHECK(json["forwards"][2]["remote"].is_null());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::inventory
