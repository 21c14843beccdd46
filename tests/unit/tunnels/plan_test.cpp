#include "tunnels/plan.hpp"

#include "base/error.hpp"
#include "support/temp_dir.hpp"
#include "tunnels/node_login.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>

using namespace labctl;
using namespace labctl::tunnels;

namespace {

// A temporary home folder for make_target().
struct Home {
  Home() {
    ::setenv("HOME", folder.path().c_str(), 1);
    ::unsetenv("SSH_AUTH_SOCK");
    std::filesystem::create_directory(folder / ".ssh");
  }
  void config(const std::string& text) { std::ofstream(folder / ".ssh/config") << text; }

  test::TempDir folder;
  inventory::Node node{
      .name = "core1", .address = "core1.lab", .port = 0, .user = "", .identity = {}, .known_hosts = ""};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(plan, Home)

BOOST_AUTO_TEST_CASE(the_inventory_s_words_come_first) {
  config("User x\nPort 1\nIdentityFile /x\nUserKnownHostsFile /x\n");
  node.port = 2222;
  node.user = "core";
  node.identity = "/key";
  node.known_hosts = "/known";
  const auto target = make_target(node);
  BOOST_TEST(target.port == 2222);
  BOOST_TEST(target.user == "core");
  BOOST_TEST((target.identities == std::vector<std::filesystem::path>{"/key"}));
  BOOST_TEST(target.identity_required);
  BOOST_TEST((target.known_hosts == std::vector<std::filesystem::path>{"/known"}));
}

BOOST_AUTO_TEST_CASE(then_ssh_config) {
  config("Host core1.lab\nHostName 10.0.0.9\nUser x\nPort 2022\nIdentityFile ~/k\nIdentityAgent /agent\n");
  const auto target = make_target(node);
  BOOST_TEST(target.host == "10.0.0.9");
  BOOST_TEST(target.port == 2022);
  BOOST_TEST(target.user == "x");
  BOOST_TEST(target.identities.at(0) == folder / "k");
  BOOST_TEST(!target.identity_required);
  BOOST_TEST(target.agent_socket == "/agent");
}

BOOST_AUTO_TEST_CASE(global_known_hosts_are_read_beside_the_person_s_own) {
  config("UserKnownHostsFile ~/.ssh/lab_kh\n");
  const auto files = make_target(node).known_hosts;
  BOOST_REQUIRE(files.size() == 3);
  BOOST_TEST(files[0] == folder / ".ssh/lab_kh");
  BOOST_TEST(files[1] == "/etc/ssh/ssh_known_hosts");
  config("UserKnownHostsFile none\nGlobalKnownHostsFile /g\n");
  BOOST_TEST((make_target(node).known_hosts == std::vector<std::filesystem::path>{"/g"}));
}

BOOST_AUTO_TEST_CASE(an_alias_does_not_count_in_the_inventory_s_own_known_hosts) {
  config("HostKeyAlias lab\nAddressFamily inet\nCiphers aes256-ctr\n");
  BOOST_TEST(make_target(node).host_key_alias == "lab");
  BOOST_TEST(make_target(node).address_family == "inet");
  BOOST_TEST(make_target(node).algorithms.ciphers == "aes256-ctr");
  node.known_hosts = "/known";
  BOOST_TEST(make_target(node).host_key_alias.empty());
}

BOOST_AUTO_TEST_CASE(the_agent_is_the_one_that_the_configuration_names) {
  ::setenv("SSH_AUTH_SOCK", "/dead", 1);
  ::setenv("KEYS_SOCK", "/keys.sock", 1);
  config("IdentityAgent $KEYS_SOCK\n");
  BOOST_TEST(make_target(node).agent_socket == "/keys.sock");
  config("IdentityAgent none\n");
  BOOST_TEST(make_target(node).agent_socket.empty());
  config("IdentityAgent SSH_AUTH_SOCK\n");
  BOOST_TEST(make_target(node).agent_socket == "/dead");
  ::unsetenv("KEYS_SOCK");
}

BOOST_AUTO_TEST_CASE(jump_hosts_are_read_from_their_own_configuration) {
  config(
      "Host core*\n  ProxyJump you@gate,last\n  User other\nHost gate\n  HostName gate.lab\n  Port 2222\n"
      "  ProxyJump outer\nHost outer\n  ProxyCommand way %h\nHost last\n  ProxyJump unused\n");
  const auto target = make_target(node);
  BOOST_REQUIRE(target.jumps.size() == 3);
  BOOST_TEST(target.jumps[0].name == "outer");
  BOOST_TEST(target.jumps[0].proxy_command == "way outer");
  BOOST_TEST(target.jumps[1].host == "gate.lab");
  BOOST_TEST(target.jumps[1].port == 2222);
  BOOST_TEST(target.jumps[1].user == "you");
  BOOST_TEST(target.jumps[2].host == "last");
  BOOST_TEST(target.jumps[2].user != "other");
  for (const auto& jump : target.jumps) BOOST_TEST(jump.jumps.empty());
  BOOST_TEST(target.proxy_command.empty());
}

BOOST_AUTO_TEST_CASE(another_agent_is_the_same_plan) {
  inventory::Inventory inventory;
  inventory.nodes = {node};
  config("Host core*\n  ProxyJump gate\n");
  ::setenv("SSH_AUTH_SOCK", "/one", 1);
  Plan plan = make_plan(inventory);
  ::setenv("SSH_AUTH_SOCK", "/two", 1);
  const Plan newest = make_plan(inventory);
  BOOST_TEST(!(plan == newest));
  BOOST_TEST(plan.covers(newest));
  BOOST_TEST(ssh::follow_agents(plan.nodes[0], newest.nodes[0]));
  BOOST_TEST((plan == newest));
  ::unsetenv("SSH_AUTH_SOCK");
  BOOST_TEST(!ssh::follow_agents(plan.nodes[0], make_plan(inventory).nodes[0]));
  BOOST_TEST((plan == newest));
}

BOOST_AUTO_TEST_CASE(a_way_without_end_is_an_error) {
  config("Host a\n  ProxyJump b\nHost b\n  ProxyJump a\nHost *\n  ProxyJump a\n");
  BOOST_CHECK_THROW(make_target(node), Error);
}

BOOST_AUTO_TEST_CASE(what_a_jump_host_needs_and_labctl_cannot_is_refused_as_well) {
  config("Host core*\n  ProxyJump gate\nHost gate\n  VerifyHostKeyDNS yes\n");
  inventory::Inventory inventory;
  inventory.nodes = {node};
  BOOST_CHECK_THROW(make_plan(inventory), Error);
}

BOOST_AUTO_TEST_CASE(a_plan_keeps_the_way) {
  config("Host core*\n  ProxyJump gate,last\n  BindAddress 127.0.0.2\n");
  inventory::Inventory inventory;
  inventory.nodes = {node};
  const auto plan = make_plan(inventory);
  BOOST_TEST((nlohmann::json(plan).get<Plan>() == plan));
}

BOOST_AUTO_TEST_CASE(an_option_that_cannot_be_followed_is_refused_at_once_with_option_file_and_line) {
  config("Host core*\n  VerifyHostKeyDNS yes\nHost gate\n  Port 2222\n");
  inventory::Inventory inventory;
  inventory.nodes = {node};
  try {
    make_plan(inventory);
    BOOST_FAIL("should have failed");
  } catch (const Error& error) {
    BOOST_TEST(error.line().find("core1: VerifyHostKeyDNS yes (" + (folder / ".ssh/config").string() +
                                 ":2)") != std::string::npos);
  }
  config("Host core1.lab\n  VerifyHostKeyDNS no\nHost core*\n  VerifyHostKeyDNS yes\n");
  BOOST_TEST(make_plan(inventory).nodes.size() == 1);
}

BOOST_AUTO_TEST_CASE(what_is_left_out_is_noted_once_for_all_nodes) {
  config("StrictHostKeyChecking no\n");
  const auto notes = config_notes({node, node});
  BOOST_REQUIRE(notes.size() == 1);
  BOOST_TEST(notes[0].starts_with("StrictHostKeyChecking no ("));
}

BOOST_AUTO_TEST_CASE(then_what_openssh_takes) {
  const auto target = make_target(node);
  BOOST_TEST(target.host == "core1.lab");
  BOOST_TEST(target.port == 22);
  BOOST_TEST(target.identities.size() == 3);
  BOOST_TEST(target.known_hosts.at(0) == folder / ".ssh/known_hosts");
  BOOST_TEST(target.agent_socket.empty());
}

BOOST_AUTO_TEST_CASE(an_inventory_may_do_without_the_agent) {
  ::setenv("SSH_AUTH_SOCK", "/agent", 1);
  BOOST_TEST(make_target(node).agent_socket == "/agent");
  node.use_agent = false;
  BOOST_TEST(make_target(node).agent_socket.empty());
}

BOOST_AUTO_TEST_CASE(a_choice_of_nodes_takes_the_forwards_through_them) {
  inventory::Inventory inventory;
  inventory.nodes = {node, node};
  inventory.nodes[1].name = "core2";
  using Kind = inventory::Forward::Kind;
  inventory.forwards = {{"consul", {"core1", "core2"}, parse_endpoint("127.0.0.1:1"), {}, Kind::consul},
                        {"docker_core1", {"core1"}, parse_endpoint("/a"), {}, Kind::docker},
                        {"docker_core2", {"core2"}, parse_endpoint("/b"), {}, Kind::docker}};
  const auto some = make_plan(inventory, {"core2"});
  BOOST_TEST(some.nodes.size() == 1);
  BOOST_REQUIRE(some.forwards.size() == 2);
  BOOST_TEST(some.forwards[0].via.at(0) == "core2");
  BOOST_TEST((some.forwards[0].check == ForwardCheck::consul_leader));
  BOOST_TEST((some.forwards[1].check == ForwardCheck::docker_ping));
  BOOST_CHECK_THROW(make_plan(inventory, {"core3"}), Error);
}

BOOST_AUTO_TEST_CASE(what_a_forward_is_for_decides_its_check_and_not_its_name) {
  inventory::Inventory inventory;
  inventory.nodes = {node};
  inventory.forwards = {{"docker_registry", {"core1"}, parse_endpoint("127.0.0.1:5000"), {}}};
  BOOST_TEST((make_plan(inventory).forwards.at(0).check == ForwardCheck::open));
  inventory.forwards[0].kind = inventory::Forward::Kind::docker;
  BOOST_TEST((make_plan(inventory).forwards.at(0).check == ForwardCheck::docker_ping));
}

BOOST_AUTO_TEST_CASE(a_dynamic_forward_knows_the_addresses_of_the_inventory_s_hosts) {
  config("Host core1.lab\n  HostName 10.0.0.9\n");
  inventory::Inventory inventory;
  inventory.nodes = {node, node};
  inventory.nodes[1].name = "core2";
  inventory.nodes[1].address = "10.0.0.2";
  inventory.hosts = {{"Service.Lab", "core1"}, {"other.lab", "core2"}};
  using Forward = inventory::Forward;
  inventory.forwards = {{"socks",
                         {"core2"},
                         parse_endpoint("127.0.0.1:1080"),
                         {},
                         Forward::Kind::other,
                         Forward::Direction::dynamic},
                        {"web", {"core2"}, parse_endpoint("127.0.0.1:80"), parse_endpoint("a:80")}};
  const auto plan = make_plan(inventory);
  using Hosts = std::map<std::string, std::string>;
  BOOST_TEST((plan.forwards.at(0).hosts == Hosts{{"service.lab", "10.0.0.9"}, {"other.lab", "10.0.0.2"}}));
  BOOST_TEST(plan.forwards.at(1).hosts.empty());
  // A plan for some of the nodes has the same forward.
  BOOST_TEST(plan.covers(make_plan(inventory, {"core2"})));
  BOOST_TEST((nlohmann::json(plan).get<Plan>() == plan));
}

BOOST_AUTO_TEST_SUITE_END()
