#include "lab/client_files.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "inventory/inventory.hpp"
#include "lab/plan.hpp"

#include <boost/test/unit_test.hpp>
#include <stdlib.h>

using namespace labctl::lab;

namespace {

LabInfo two_nodes() { return plan({.name = "two", .nodes = 2}, parse_subnet("10.1.2.0/24").value(), 8512); }

}  // namespace

BOOST_AUTO_TEST_SUITE(client_files)

BOOST_AUTO_TEST_CASE(the_inventory_is_written_in_few_lines) {
  const auto lab = two_nodes();
  BOOST_TEST(labctl::replace_all(inventory_text(lab), lab.folder.string(), "/lab") ==
             "# The embedded lab \"two\"; written by labctl lab up, gone after labctl lab down.\n"
             "version: 1\n"
             "name: two\n"
             "defaults:\n"
             "  user: core\n"
             "  identity: /lab/client/id_ed25519\n"
             "  known_hosts: /lab/client/known_hosts\n"
             "nodes:\n"
             "  core1: {address: 10.1.2.11}\n"
             "  core2: {address: 10.1.2.12}\n"
             "consul: {via: [core1, core2], remote: \"localhost:8500\", local: \"127.0.0.1:8512\"}\n"
             "hosts:\n"
             "  service.cluster.lab: core2\n"
             "  service.qualif.cluster.lab: core2\n"
             "cluster:\n"
             "  disposable: true\n"
             "  service:\n"
             "    ssh_ports: [2244, 2245, 2246, 2247, 2248, 2249]\n"
             "    ssh_identity: /lab/client/service_key\n"
             "    writable: true\n");
}

BOOST_AUTO_TEST_CASE(the_written_inventory_is_the_one_that_was_made) {
  for (const std::string name : {"default", "null", "two"}) {
    for (const int nodes : {1, 4}) {
      const auto lab = plan({.name = name, .nodes = nodes}, parse_subnet("10.1.2.0/24").value(), 8500);
      BOOST_TEST((labctl::inventory::parse(inventory_text(lab), lab.inventory()) == inventory_of(lab)), name);
      BOOST_TEST(inventory_text(lab).find("\nname: ") != std::string::npos);
    }
  }
}

// With sudo, the lab is created with another runtime folder than that of the user who works with it.
BOOST_AUTO_TEST_CASE(the_written_inventory_holds_for_any_runtime_folder) {
  const auto lab = two_nodes();
  const auto text = inventory_text(lab);
  ::setenv("LABCTL_RUNTIME_DIR", "/run/somebody", 1);
  const auto inventory = labctl::inventory::parse(text, lab.inventory());
  ::unsetenv("LABCTL_RUNTIME_DIR");
  BOOST_TEST(inventory.docker("core2").local.path == "/run/somebody/two/docker_core2.sock");
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
