#include "inventory/inventory.hpp"
#include "inventory/names.hpp"
#include "support.hpp"

namespace labctl::inventory {

BOOST_FIXTURE_TEST_SUITE(parsing, Places)

const std::string full = R"(version: 1
defaults:
  user: core
  identity: ~/.ssh/core_id_rsa
  known_hosts: keys/known
nodes:
  core1: {address: 192.168.122.95}
  core2: {address: 192.168.122.108, port: 2222, user: admin, identity: /k, agent: false}
consul: {via: [core2, core1], remote: "localhost:8500", local: "127.0.0.1:8501"}
docker: {remote: /run/d.sock, local: "{runtime}/docker_{node}.sock"}
forwards:
  - {name: web, via: core2, remote: "localhost:80", local: "[::1]:8080"}
  - {name: metrics, remote: "localhost:9100", local: "~/m_{node}.sock"}
hosts: {service.cluster.lab: core2}
cluster: {disposable: true, consul_container: c, replication_port: 22022, deploy_root: /d, service: {ssh_port: 22, writable: true, ssh_identity: id}}
)";

BOOST_AUTO_TEST_CASE(the_smallest_inventory_has_the_documented_defaults) {
  const auto inventory =
      parse("version: 1\nnodes: {core1: {address: 192.0.2.1}, core2: {address: 192.0.2.2}}\n", "inv.yaml");
  BOOST_CHECK_EQUAL(inventory.name, name_of_file("inv.yaml"));
  BOOST_REQUIRE_EQUAL(inventory.nodes.size(), 2u);
  BOOST_CHECK(inventory.nodes[0] == (Node{.name = "core1", .address = "192.0.2.1"}));
  BOOST_CHECK_EQUAL(inventory.forwards.size(), 3u);
  BOOST_CHECK_EQUAL(to_string(inventory.consul().local), "127.0.0.1:8500");
  BOOST_CHECK_EQUAL(to_string(inventory.consul().remote), "localhost:8500");
  BOOST_CHECK(inventory.consul().via == (std::vector<std::string>{"core1", "core2"}));
  BOOST_CHECK_EQUAL(to_string(inventory.docker("core2").local),
                    "/run/tester/" + inventory.name + "/docker_core2.sock");
  BOOST_CHECK_EQUAL(to_string(inventory.docker("core2").remote), "/var/run/docker.sock");
  BOOST_CHECK(inventory.cluster == Conventions{});
}

BOOST_AUTO_TEST_CASE(a_nodes_own_values_win_over_the_defaults) {
  const auto inventory = parse(full, "/inv/inv.yaml");
  const auto& core1 = inventory.node("core1");
  BOOST_CHECK_EQUAL(core1.user, "core");
  BOOST_CHECK_EQUAL(core1.port, 0);
  BOOST_CHECK_EQUAL(core1.identity->string(), "/home/tester/.ssh/core_id_rsa");
  BOOST_CHECK_EQUAL(core1.known_hosts.string(), "/inv/keys/known");
  BOOST_CHECK(core1.use_agent);
  const auto& core2 = inventory.node("core2");
  BOOST_CHECK(core2 == (Node{"core2", "192.168.122.108", 2222, "admin", "/k", "/inv/keys/known", false}));
}

BOOST_AUTO_TEST_CASE(a_forward_with_node_in_its_local_end_is_one_for_each_node) {
  const auto inventory = parse(full, "inv.yaml");
  BOOST_REQUIRE_EQUAL(inventory.forwards.size(), 6u);
  BOOST_CHECK(inventory.consul().via == (std::vector<std::string>{"core2", "core1"}));
  BOOST_CHECK(inventory.forwards[3] ==
              (Forward{"web", {"core2"}, parse_endpoint("[::1]:8080"), parse_endpoint("localhost:80")}));
  BOOST_CHECK(inventory.forwards[4] == (Forward{"metrics_core1",
                                                {"core1"},
                                                parse_endpoint("/home/tester/m_core1.sock"),
                                                parse_endpoint("localhost:9100")}));
  BOOST_CHECK_EQUAL(inventory.forwards[5].name, "metrics_core2");
}

BOOST_AUTO_TEST_CASE(a_forward_that_is_called_docker_something_is_not_for_that_one_to_docker) {
  const auto inventory = parse(
      "version: 1\nnodes: {core1: {address: a}}\nforwards: [{name: docker_registry, via: core1, "
      "remote: \"localhost:5000\", local: \"127.0.0.1:5000\"}]\n",
      "inv.yaml");
  BOOST_REQUIRE_EQUAL(inventory.forwards.size(), 3u);
  BOOST_CHECK(inventory.consul().kind == Forward::Kind::consul);
  BOOST_CHECK(inventory.docker("core1").kind == Forward::Kind::docker);
  BOOST_CHECK_EQUAL(inventory.docker("core1").name, "docker_core1");
  BOOST_CHECK(inventory.forwards[2].kind == Forward::Kind::other);
}

BOOST_AUTO_TEST_CASE(a_dynamic_forward_has_a_local_end_only) {
  const auto inventory = parse(
      "version: 1\nnodes: {core1: {address: a}}\nforwards: [{name: socks, via: core1, local: "
      "\"127.0.0.1:1080\", "
      "dynamic: true}, {name: web, local: \"127.0.0.1:80\", remote: \"a:80\", dynamic: false}]\n",
      "inv.yaml");
  BOOST_CHECK(inventory.forwards[2] == (Forward{"socks",
                                                {"core1"},
                                                parse_endpoint("127.0.0.1:1080"),
                                                {},
                                                Forward::Kind::other,
                                                Forward::Direction::dynamic}));
  BOOST_CHECK(inventory.forwards[3].direction == Forward::Direction::local);
}

BOOST_AUTO_TEST_CASE(a_remote_forward_listens_on_each_of_its_nodes) {
  const auto inventory = parse(
      "version: 1\nnodes: {core1: {address: a}, core2: {address: b}}\nforwards:\n"
      "  - {name: one, via: [core1], listen: \"localhost:9000\", to: \"[::1]:3000\"}\n"
      "  - {name: each, via: [core2, core1], listen: \"0.0.0.0:80\", to: \"{runtime}/{node}.sock\", public: "
      "true}\n"
      "  - {name: same, via: core2, listen: \"localhost:9000\", to: \"[::1]:3000\"}\n",
      "inv.yaml");
  BOOST_REQUIRE_EQUAL(inventory.forwards.size(), 7u);
  BOOST_CHECK(inventory.forwards[3] == (Forward{"one",
                                                {"core1"},
                                                parse_endpoint("[::1]:3000"),
                                                parse_endpoint("localhost:9000"),
                                                Forward::Kind::other,
                                                Forward::Direction::remote}));
  BOOST_CHECK_EQUAL(inventory.forwards[4].name, "each_core2");
  BOOST_CHECK(inventory.forwards[4].via == std::vector<std::string>{"core2"});
  BOOST_CHECK_EQUAL(to_string(inventory.forwards[4].local), "/run/tester/" + inventory.name + "/core2.sock");
  BOOST_CHECK_EQUAL(inventory.forwards[5].name, "each_core1");
  BOOST_CHECK_EQUAL(inventory.forwards[6].name, "same");
}

BOOST_AUTO_TEST_CASE(conventions_that_are_not_given_keep_their_defaults) {
  const auto inventory = parse(full, "/inv/inv.yaml");
  BOOST_CHECK(inventory.cluster.disposable);
  BOOST_CHECK_EQUAL(inventory.cluster.consul_container, "c");
  BOOST_CHECK_EQUAL(inventory.cluster.caddy_container, "cluster_caddy_1");
  BOOST_CHECK_EQUAL(inventory.cluster.replication_port, 22022);
  BOOST_CHECK_EQUAL(inventory.cluster.service.ssh_port, 22);
  BOOST_CHECK(inventory.cluster.service.writable);
  BOOST_CHECK_EQUAL(inventory.cluster.service.ssh_identity->string(), "/inv/id");
}

BOOST_AUTO_TEST_CASE(the_first_of_the_ssh_ports_is_the_ssh_port) {
  using Ports = std::vector<std::uint16_t>;
  const auto service_of = [](const std::string& keys) {
    return parse("version: 1\nnodes: {core1: {address: a}}\ncluster: {service: {" + keys + "}}\n", "i")
        .cluster.service;
  };
  BOOST_CHECK(service_of("ssh_port: 22").ssh_ports == Ports{22});
  const auto several = service_of("ssh_ports: [2250, 2251]");
  BOOST_CHECK(several.ssh_ports == (Ports{2250, 2251}));
  BOOST_CHECK_EQUAL(several.ssh_port, 2250);
  BOOST_CHECK(service_of("ssh_port: 2250, ssh_ports: [2250, 2251]") == several);
}

BOOST_AUTO_TEST_CASE(an_optional_part_without_a_value_is_as_if_it_were_not_there) {
  const auto inventory = parse(
      "version: 1\nname: x\nnodes: {core1: {address: "
      "a}}\nforwards:\nhosts:\ncluster:\ndefaults:\nconsul:\ndocker: ~\n",
      "i");
  BOOST_CHECK_EQUAL(inventory.forwards.size(), 2u);
  BOOST_CHECK_EQUAL(to_string(inventory.docker("core1").local), "/run/tester/x/docker_core1.sock");
}

BOOST_AUTO_TEST_CASE(an_unknown_node_is_answered_with_the_nearest) {
  const auto inventory = parse(full, "inv.yaml");
  BOOST_CHECK_EXCEPTION(inventory.node("core3"), Error, [](const Error& error) {
    return error.kind() == Kind::not_found && error.hint() == "did you mean \"core1\"?";
  });
  BOOST_CHECK_THROW(inventory.docker("nowhere"), Error);
}

BOOST_AUTO_TEST_CASE(every_example_inventory_is_valid) {
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(LABCTL_INVENTORY_FOLDER)) {
    if (entry.path().extension() != ".yaml") continue;
    BOOST_CHECK_NO_THROW(load(entry.path()));
    ++seen;
  }
  BOOST_CHECK_GE(seen, 2);
}

BOOST_AUTO_TEST_CASE(merge_keys_are_read_as_other_yaml_programs_do) {
  const auto inventory = parse(
      "version: 1\n"
      "x-site: &site {user: core, port: 22}\n"
      "x-old: &old {user: admin, agent: false}\n"
      "defaults: {<<: *site}\n"
      "nodes:\n"
      "  core1: &n {address: 10.20.0.11, user: root, port: 2222}\n"
      "  core2: {<<: *n, address: 10.20.0.12}\n"
      "  core3:\n"
      "    <<: [*old, *site]\n"
      "    address: 10.20.0.13\n"
      "  core4: {address: 10.20.0.14}\n",
      "i");
  BOOST_CHECK_EQUAL(inventory.node("core2").address, "10.20.0.12");  // a node's own key wins
  BOOST_CHECK_EQUAL(inventory.node("core2").user, "root");
  BOOST_CHECK_EQUAL(inventory.node("core2").port, 2222);
  BOOST_CHECK_EQUAL(inventory.node("core3").user, "admin");  // of a list, the first wins
  BOOST_CHECK_EQUAL(inventory.node("core3").port, 22);
  BOOST_CHECK(!inventory.node("core3").use_agent);
  BOOST_CHECK_EQUAL(inventory.node("core4").user, "core");
  BOOST_REQUIRE_EQUAL(inventory.nodes.size(), 4u);
}

BOOST_AUTO_TEST_CASE(nodes_that_are_merged_in_are_nodes) {
  const auto inventory =
      parse("version: 1\nx-base: &b {core1: {address: a}}\nnodes:\n  <<: *b\n  core2: {address: b}\n", "i");
  BOOST_REQUIRE_EQUAL(inventory.nodes.size(), 2u);
  BOOST_CHECK_EQUAL(inventory.nodes[0].name, "core1");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::inventory
