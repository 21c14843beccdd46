#include "lab/plan.hpp"

#include "support/error_of.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace labctl::lab;
using labctl::test::error_of;

namespace {

Subnet subnet(const std::string& text) { return parse_subnet(text).value(); }

labctl::Kind kind_of(const UpOptions& options) {
  try {
    plan(options, subnet("10.1.2.0/24"), 8500);
  } catch (const labctl::Error& error) {
    return error.kind();
  }
  return labctl::Kind::system;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plans)

BOOST_AUTO_TEST_CASE(networks_read_with_and_without_a_prefix) {
  BOOST_TEST((parse_subnet("10.1.2.0/24") == Subnet{0x0a010200, 24}));
  BOOST_TEST((parse_subnet("192.0.2.7") == Subnet{0xc0000207, 32}));
  for (const char* text :
       {"default", "", "10.1.2", "10.1.2.0/33", "10.1.2.0/", "10.1.2.0/2x", "fe80::1/64", "10.1.2.0/-1"}) {
    BOOST_TEST(!parse_subnet(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(networks_overlap_when_one_holds_the_other) {
  BOOST_TEST(subnet("10.0.0.0/8").overlaps(subnet("10.200.3.0/24")));
  BOOST_TEST(subnet("10.200.3.0/24").overlaps(subnet("10.0.0.0/8")));
  BOOST_TEST(!subnet("10.200.3.0/24").overlaps(subnet("10.200.4.0/24")));
  BOOST_TEST(subnet("10.200.3.9/32").overlaps(subnet("10.200.3.0/24")));
}

BOOST_AUTO_TEST_CASE(routes_are_read_and_the_default_route_takes_nothing) {
  const auto routes = parse_routes(R"([{"dst":"default","gateway":"10.0.0.1"},{"dst":"10.5.0.0/16","dev":"x"},
    {"type":"local","dst":"127.0.0.1"},{"type":"unreachable"}])");
  BOOST_TEST(routes.size() == 2U);
  BOOST_TEST((routes.front() == subnet("10.5.0.0/16")));
  BOOST_TEST(parse_routes("").empty());
  BOOST_CHECK_THROW(parse_routes("{"), labctl::Error);
}

BOOST_AUTO_TEST_CASE(a_lab_gets_the_same_network_every_time) {
  BOOST_TEST((choose_subnet("default", {}) == choose_subnet("default", {})));
  BOOST_TEST(!(choose_subnet("default", {}) == choose_subnet("other", {})));
}

BOOST_AUTO_TEST_CASE(a_taken_network_is_passed_over) {
  std::vector<Subnet> taken;
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 20; ++i) {
    const auto chosen = choose_subnet("default", taken);
    BOOST_TEST(chosen.prefix == 24);
    BOOST_TEST(chosen.overlaps(subnet("10.0.0.0/8")));
    BOOST_TEST(seen.insert(chosen.address).second);
    taken.push_back(chosen);
  }
}

BOOST_AUTO_TEST_CASE(behind_a_vpn_that_takes_all_of_10_a_lab_goes_elsewhere) {
  const auto ten = subnet("10.0.0.0/8");
  const auto chosen = choose_subnet("default", {ten});
  BOOST_TEST(chosen.prefix == 24);
  BOOST_TEST(chosen.overlaps(subnet("198.18.0.0/15")));
  BOOST_TEST(!choose_subnet("default", {ten, chosen}).overlaps(chosen));
  const auto error = error_of([&] {
    choose_subnet("default", {ten, subnet("198.0.0.0/8"), subnet("192.168.1.0/24")});
  });
  BOOST_TEST(std::string(error.what()).ends_with("in the way are 10.0.0.0/8, 198.0.0.0/8"), error.what());
}

BOOST_AUTO_TEST_CASE(labs_with_other_networks_begin_with_other_ports) {
  BOOST_TEST(first_consul_port(subnet("10.1.0.0/24")) == 8501);
  BOOST_TEST(first_consul_port(subnet("10.1.255.0/24")) == 8756);
  const auto first = choose_subnet("check", {});
  const auto second = choose_subnet("check", {first});
  BOOST_TEST(first_consul_port(first) != first_consul_port(second));
}

BOOST_AUTO_TEST_CASE(nodes_are_named_and_addressed_in_order) {
  UpOptions options;
  options.node_os["core3"] = "trixie";
  const auto lab = plan(options, subnet("10.1.2.0/24"), 8501);
  BOOST_TEST(lab.host_address == "10.1.2.1");
  BOOST_TEST(lab.hub_address == "10.1.2.2");
  BOOST_TEST(lab.consul_port == 8501);
  BOOST_TEST(lab.nodes.size() == 4U);
  BOOST_TEST((lab.nodes[0] == LabInfo::NodeInfo{"core1", "bookworm", "10.1.2.11"}));
  BOOST_TEST((lab.nodes[2] == LabInfo::NodeInfo{"core3", "trixie", "10.1.2.13"}));
  BOOST_TEST(!lab.up);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused_before_anything_is_done) {
  BOOST_TEST((kind_of({.nodes = 0}) == labctl::Kind::usage));
  BOOST_TEST((kind_of({.nodes = 17}) == labctl::Kind::usage));
  BOOST_TEST((kind_of({.name = "No"}) == labctl::Kind::usage));
  BOOST_TEST((kind_of({.os = "slink"}) == labctl::Kind::usage));
  BOOST_TEST((kind_of({.node_os = {{"core9", "trixie"}}}) == labctl::Kind::usage));
  BOOST_TEST((kind_of({.node_os = {{"core1", "potato"}}}) == labctl::Kind::usage));
}

BOOST_AUTO_TEST_CASE(docker_bridges_of_nodes_differ) { BOOST_TEST(bridge_address(0) != bridge_address(1)); }

BOOST_AUTO_TEST_SUITE_END()
