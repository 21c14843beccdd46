#include "inventory/write.hpp"

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
           "version: 1\nnodes: {core1: {address: a, identity: /a}, core2: {address: b}}\n",
       }) {
    const auto inventory = parse(yaml, "/i/inv.yaml");
    const auto text = to_yaml(inventory, "two\nlines");
    BOOST_TEST_CONTEXT(text) {
      BOOST_CHECK(text.starts_with("# two\n# lines\nversion: 1\n"));
      BOOST_CHECK(parse(text, "/i/inv.yaml") == inventory);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_runtime_folder_is_written_as_a_placeholder) {
  const auto text = to_yaml(parse("version: 1\nnodes: {core1: {address: a}}\n", "i"));
  BOOST_CHECK(text.find("\"{runtime}/docker_{node}.sock\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(docker_forwards_without_a_pattern_are_refused) {
  auto inventory = parse("version: 1\nnodes: {core1: {address: a}, core2: {address: b}}\n", "i");
  inventory.forwards[2].local.path = "/elsewhere/x.sock";
  BOOST_CHECK_THROW(to_yaml(inventory), Error);
}

BOOST_AUTO_TEST_CASE(json_has_the_effective_values) {
  const auto json = nlohmann::json::parse(
      to_json(parse("version: 1\ndefaults: {user: core}\nnodes: {core1: {address: a}}\n", "i")));
  BOOST_CHECK_EQUAL(json["nodes"][0]["user"], "core");
  BOOST_CHECK_EQUAL(json["forwards"][1]["local"], "/run/tester/default/docker_core1.sock");
  BOOST_CHECK_EQUAL(json["cluster"]["service"]["ssh_port"], 2244);
  BOOST_CHECK(json["cluster"]["service"]["ssh_ports"] == nlohmann::json::array({2244}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::inventory
