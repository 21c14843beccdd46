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

BOOST_AUTO_TEST_CASE(a_named_key_that_needs_its_passphrase_waits_for_the_agent) {
  // Nobody is asked, also if this test runs on a terminal.
  ::setenv("SSH_ASKPASS", "/bin/false", 1);
  ::setenv("SSH_ASKPASS_REQUIRE", "force", 1);
  const auto locked = bed.folder() / "locked_key";
  std::filesystem::copy_file(bed.key("ed25519"), locked);
  run_checked({.argv = {"ssh-keygen", "-q", "-p", "-N", "secret", "-f", locked.string()}},
              Deadline::in(std::chrono::seconds(10)));
  inventory.nodes[0].identity = locked;
  const SshAgent agent(bed.folder() / "agent.sock");
  agent.add({bed.key("stranger")});
  const auto one = problem();
  BOOST_TEST(one.cause == "identity-encrypted", one.line());
  BOOST_TEST(one.hint.starts_with("ssh-add " + locked.string()), one.hint);
  agent.add({bed.key("ed25519")});
  up();
  Served others(inventory, {"docker_core2"});
  agent.remove_all();
  agent.add({bed.key("stranger")});
  restart_node();
  wait_for_trouble("identity-encrypted");
  agent.add({bed.key("ed25519")});
  wait_status([](const auto& now) { return now.all_logged_in() && now.all_up(); });
  others.check();
  std::filesystem::remove(locked);
  for (const char* name : {"SSH_ASKPASS", "SSH_ASKPASS_REQUIRE"}) ::unsetenv(name);
}

BOOST_AUTO_TEST_CASE(a_renewed_certificate_ends_the_waiting) {
  const auto soon = [] { return Deadline::in(std::chrono::seconds(10)); };
  const auto key = bed.folder() / "certified", authority = bed.folder() / "authority";
  for (const auto& path : {key, authority})
    run_checked({.argv = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path.string()}}, soon());
  const auto sign = [&](const std::string& validity) {
    run_checked({.argv = {"ssh-keygen", "-q", "-s", authority.string(), "-I", "one", "-n", "core", "-V",
                          validity, key.string() + ".pub"}},
                soon());
  };
  sign("-1d:+1d");
  inventory.nodes[0].identity = key;
  use_node({"-o", "TrustedUserCAKeys=" + authority.string() + ".pub", "-o", "AuthorizedKeysFile=none"});
  up();
  Served others(inventory, {"docker_core2"});
  sign("20200101:20200201");
  kill_node("docker_core1");
  node->start();
  wait_for_trouble("key-refused");
  sign("-1d:+1d");
  wait_status([](const auto& now) { return now.all_logged_in() && now.all_up(); });
  BOOST_TEST(logged("core1: the files or the agent's keys have changed: logging in again"));
  others.check();
}

BOOST_AUTO_TEST_CASE(a_daemon_that_has_given_up_says_so_and_starts_again_after_a_repair) {
  use_node({});
  up();
  Served others(inventory, {"docker_core2"});
  const auto port = node->port();
  node.emplace(bed.folder(), port,
               std::vector<std::string>{"-o", "AuthenticationMethods=publickey,password"});
  const auto status = wait_status([](const auto& now) { return now.nodes[0].state == NodeState::given_up; });
  BOOST_TEST(!status.nodes[0].next_attempt.has_value());
  BOOST_TEST(status.nodes[0].last_error.value().cause == "second-factor");
  BOOST_TEST(logged("core1: given up until a file or an agent's key changes, or until labctl tunnels up"));
  node.emplace(bed.folder(), port);
  bed.trust(port);
  wait_status([](const auto& now) { return now.all_logged_in() && now.all_up(); });
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
