#include "inventory/merge.hpp"

#include "support.hpp"

namespace labctl::inventory {
namespace {

Node node(const std::string& name, const std::string& address) {
  Node result;
  result.name = name;
  result.address = address;
  return result;
}

std::string merged(const std::string& yaml, const std::vector<Node>& nodes,
                   const std::filesystem::path& known_hosts = {}) {
  return merge_nodes(yaml, "/i/inv.yaml", nodes, known_hosts).text;
}

const std::string block =
    "# ours\nversion: 1\ndefaults:\n  user: core  # everywhere\nnodes:\n  core1:\n    address: \"192.0.2.1\" "
    " # rack 1\n"
    "    port: 2222\n  # the second\n  core2: {address: 192.0.2.2}\n\n# behind\nconsul: {via: core1}\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(merge, Places)

BOOST_AUTO_TEST_CASE(addresses_change_and_all_else_stays_as_written) {
  BOOST_CHECK_EQUAL(
      merged(block, {node("core1", "192.0.2.11"), node("core2", "fd00::2")}),
      "# ours\nversion: 1\ndefaults:\n  user: core  # everywhere\nnodes:\n  core1:\n    address: 192.0.2.11  "
      "# rack 1\n"
      "    port: 2222\n  # the second\n  core2: {address: \"fd00::2\"}\n\n# behind\nconsul: {via: core1}\n");
}

BOOST_AUTO_TEST_CASE(nothing_new_changes_no_byte) {
  BOOST_CHECK_EQUAL(merged(block, {node("core1", "192.0.2.1"), node("core2", "192.0.2.2")}), block);
}

BOOST_AUTO_TEST_CASE(a_new_node_stands_behind_the_last) {
  auto added = node("core3", "192.0.2.3");
  added.user = "admin";
  added.identity = "/k/my key";
  const auto text = merged(block, {added});
  BOOST_CHECK(
      text.find("  core2: {address: 192.0.2.2}\n  core3: {address: 192.0.2.3, user: admin, identity: \"/k/my "
                "key\"}\n\n# behind\n") != std::string::npos);
  BOOST_CHECK_EQUAL(parse(text, "/i/inv.yaml").node("core3").user, "admin");
  BOOST_CHECK(merge_nodes(block, "/i/inv.yaml", {added}).inventory == parse(text, "/i/inv.yaml"));
}

BOOST_AUTO_TEST_CASE(a_new_node_stands_behind_the_last_key_of_a_node_in_lines) {
  const auto text =
      merged("version: 1\nnodes:\n    core1:\n        address: a\n        # last\n", {node("core2", "b")});
  BOOST_CHECK_EQUAL(
      text, "version: 1\nnodes:\n    core1:\n        address: a\n        # last\n    core2: {address: b}\n");
}

BOOST_AUTO_TEST_CASE(a_new_node_fits_into_braces) {
  BOOST_CHECK_EQUAL(merged("version: 1\nnodes: {core1: {address: a}}  # } all\n", {node("core2", "b")}),
                    "version: 1\nnodes: {core1: {address: a}, core2: {address: b}}  # } all\n");
}

BOOST_AUTO_TEST_CASE(nodes_that_salt_did_not_name_are_kept_and_told) {
  const auto result = merge_nodes(block, "/i/inv.yaml", {node("core1", "192.0.2.1")});
  BOOST_CHECK_EQUAL(result.text, block);
  BOOST_REQUIRE_EQUAL(result.notes.size(), 1u);
  BOOST_CHECK(result.notes[0].starts_with("core2 of the inventory is not in salt's output"));
}

BOOST_AUTO_TEST_CASE(an_address_that_other_nodes_share_is_not_changed_behind_their_back) {
  const std::string alias =
      "version: 1\nx-a: &a {address: 192.0.2.1}\nnodes:\n  core1: {<<: *a}\n  core2: {<<: *a, port: 23}\n";
  BOOST_CHECK_EXCEPTION(merged(alias, {node("core1", "192.0.2.9")}), Error,
                        [](const Error& error) { return error.kind() == Kind::conflict; });
  // core2 takes its port from core1's text, but has its own address.
  const std::string own =
      "version: 1\nnodes:\n  core1: &n {address: 192.0.2.1, port: 23}\n  core2: {<<: *n, address: "
      "192.0.2.2}\n";
  BOOST_CHECK_EQUAL(parse(merged(own, {node("core2", "192.0.2.9")}), "i").node("core2").address, "192.0.2.9");
}

BOOST_AUTO_TEST_CASE(known_hosts_goes_into_the_defaults) {
  const std::filesystem::path file = "/i/inv.known_hosts";
  for (const auto& yaml :
       {block, std::string("version: 1\nnodes: {core1: {address: a}}\n"),
        std::string("version: 1\ndefaults: {user: core}\nnodes: {core1: {address: a}}\n"),
        std::string(
            "version: 1\ndefaults: {known_hosts: inv.known_hosts}\nnodes: {core1: {address: a}}\n")}) {
    BOOST_TEST_CONTEXT(yaml) {
      const auto text = merged(yaml, {node("core1", "192.0.2.77")}, file);
      for (const auto& each : parse(text, "/i/inv.yaml").nodes) BOOST_CHECK(each.known_hosts == file);
      BOOST_CHECK(text.find("known_hosts: inv.known_hosts") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(another_known_hosts_is_a_conflict) {
  BOOST_CHECK_EXCEPTION(merged("version: 1\ndefaults: {known_hosts: /other}\nnodes: {core1: {address: a}}\n",
                               {node("core1", "a")}, "/i/inv.known_hosts"),
                        Error, [](const Error& error) { return error.kind() == Kind::conflict; });
}

BOOST_AUTO_TEST_CASE(what_would_be_no_inventory_is_refused) {
  BOOST_CHECK_THROW(merged(block, {node("core3", "192.0.2.2")}), Error);
  BOOST_CHECK_THROW(merged("nodes: [", {node("core3", "192.0.2.2")}), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::inventory
