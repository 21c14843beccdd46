#include "lab/client_files.hpp"

#include "base/error.hpp"
#include "inventory/inventory.hpp"
#include "lab/containers.hpp"
#include "lab/plan.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::lab;

namespace {

LabInfo two_nodes() { return plan({.name = "two", .nodes = 2}, parse_subnet("10.1.2.0/24").value(), 8512); }

}  // namespace

BOOST_AUTO_TEST_SUITE(client_files)

BOOST_AUTO_TEST_CASE(the_inventory_is_valid_and_leads_to_the_lab) {
  const auto lab = two_nodes();
  const auto inventory = labctl::inventory::parse(inventory_text(lab), lab.inventory());
  BOOST_TEST(inventory.name == "two");
  BOOST_TEST(inventory.nodes.size() == 2U);
  BOOST_TEST(inventory.nodes[1].address == "10.1.2.12");
  BOOST_TEST(inventory.nodes[1].user == "core");
  BOOST_TEST((inventory.nodes[1].identity == lab.folder / "client/id_ed25519"));
  BOOST_TEST(inventory.nodes[1].known_hosts == lab.folder / "client/known_hosts");
  BOOST_TEST(inventory.consul().local.port == 8512);
  BOOST_TEST(inventory.consul().via.size() == 2U);
  BOOST_TEST(inventory.hosts.at("service.cluster.lab") == "core2");
  BOOST_TEST(inventory.cluster.disposable);
  BOOST_TEST(inventory.cluster.service.writable);
  BOOST_TEST(inventory.cluster.service.ssh_ports == ssh_ports, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(known_hosts_has_every_key_under_address_and_name) {
  const auto text = known_hosts_text(
      two_nodes(), {{"ssh-ed25519 AAAA root@core1", "ssh-rsa BBBB root@core1\n"}, {"ssh-ed25519 CCCC"}});
  BOOST_TEST(text ==
             "10.1.2.11,core1 ssh-ed25519 AAAA\n"
             "10.1.2.11,core1 ssh-rsa BBBB\n"
             "10.1.2.12,core2 ssh-ed25519 CCCC\n");
  BOOST_CHECK_THROW(known_hosts_text(two_nodes(), {{"nonsense"}, {}}), labctl::Error);
}

BOOST_AUTO_TEST_SUITE_END()
