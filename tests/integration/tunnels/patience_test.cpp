// What a daemon that nobody looks after does when logins fail.
#include "base/paths.hpp"
#include "served.hpp"
#include "ssh_agent.hpp"
#include "tunnels/daemon_paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

using namespace labctl;
using namespace labctl::test;
using tunnels::NodeState;

namespace {

struct Patience : Case {
  std::string log() const { return read_file(tunnels::DaemonPaths::of(inventory.name).log); }
  bool logged(const std::string& words) const { return log().find(words) != std::string::npos; }

  // Node 1 ends all its sessions and is there again.
  void restart_node() {
    bed.node(1).kill();
    bed.node(1).start();
  }

  // Waits until core1 waits for its next login because of this.
  void wait_for_trouble(const std::string& cause) {
    const auto status = wait_status([&](const tunnels::Status& now) {
      const auto& node = now.nodes[0];
      return node.state == NodeState::waiting && node.last_error && node.last_error->cause == cause;
    });
    BOOST_TEST(status.nodes[0].next_attempt.has_value());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(patience, Patience)

BOOST_AUTO_TEST_CASE(a_repaired_known_hosts_file_ends_the_waiting) {
  up();
  Served others(inventory, {"docker_core2"});
  std::ofstream(bed.folder() / "known_hosts")
      << fmt::format("[127.0.0.1]:{} {}", bed.node(1).port(), read_file(bed.key("stranger.pub")));
  restart_node();
  wait_for_trouble("host-key-changed");
  bed.write_known_hosts();
  wait_status([](const auto& now) { return now.all_logged_in() && now.all_up(); });
  BOOST_TEST(logged("core1: the files or the agent's keys have changed: logging in again"));
  others.check();
}

BOOST_AUTO_TEST_CASE(a_key_that_is_added_to_the_agent_ends_the_waiting) {
  for (auto& node : inventory.nodes) node.identity.reset();
  const SshAgent agent(bed.folder() / "agent.sock");
  agent.add({bed.key("ed25519")});
  up();
  Served others(inventory, {"docker_core2"});
  agent.remove_all();
  restart_node();
  wait_for_trouble("identity-missing");
  agent.add({bed.key("ed25519")});
  wait_status([](const auto& now) { return now.all_logged_in() && now.all_up(); });
  BOOST_TEST(logged("core1: the files or the agent's keys have changed: logging in again"));
  others.check();
}

BOOST_AUTO_TEST_CASE(many_nodes_with_a_changed_key_do_not_log_in_all_the_time) {
  const auto one = inventory.nodes[0];
  SshNode many(bed.folder(), free_port(), {"-o", "MaxStartups=100"});
  bed.trust(many.port());
  inventory.nodes.clear();
  inventory.forwards.clear();
  for (int number = 1; number <= 20; ++number) {
    inventory.nodes.push_back(one);
    inventory.nodes.back().name = fmt::format("many{}", number);
    inventory.nodes.back().port = many.port();
    inventory.forwards.push_back(
        {"docker_" + inventory.nodes.back().name,
         {inventory.nodes.back().name},
         Endpoint::unix_socket((bed.runtime() / (inventory.nodes.back().name + ".sock")).string()),
         Endpoint::unix_socket((bed.folder() / "remote/docker1.sock").string()),
         inventory::Forward::Kind::docker});
  }
  up();
  std::ofstream(bed.folder() / "known_hosts")
      << fmt::format("[127.0.0.1]:{} {}", many.port(), read_file(bed.key("stranger.pub")));
  many.kill();
  many.start();
  wait_status([&](const auto&) { return logged("because this daemon has made many logins"); });
  const auto status = wait_status([](const auto& now) {
    return std::any_of(now.nodes.begin(), now.nodes.end(), [](const auto& node) {
      return node.last_error && node.last_error->cause == "host-key-changed";
    });
  });
  BOOST_TEST(std::none_of(status.nodes.begin(), status.nodes.end(),
                          [](const auto& node) { return node.state == NodeState::up; }));
}

BOOST_AUTO_TEST_SUITE_END()
