#include "base/paths.hpp"
#include "deaf_listener.hpp"
#include "served.hpp"
#include "tunnels/daemon_paths.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>
#include <optional>

using namespace labctl;
using namespace labctl::test;

namespace {

// The tunnels of another inventory, through the same nodes. They are up during the whole suite.
class Neighbour {
public:
  Neighbour() : inventory_(Testbed::get().inventory()) {
    Testbed::get().write_known_hosts();
    inventory_.name = "neighbour";
    inventory_.forwards[0].local.port = free_port();
    for (auto& forward : inventory_.forwards) {
      if (forward.local.is_unix_socket())
        forward.local.path = (Testbed::get().folder() / ("run/neighbour/" + forward.name)).string();
    }
    tunnels::up(inventory_, {.nodes = {}, .program = LABCTL_PROGRAM});
    served_.emplace(inventory_, std::vector<std::string>{"consul", "docker_core1", "docker_core2"});
    instance = this;
  }
  ~Neighbour() {
    instance = nullptr;
    served_.reset();
    tunnels::down(inventory_);
  }
  Neighbour(const Neighbour&) = delete;
  Neighbour& operator=(const Neighbour&) = delete;

  void check() { served_->check(); }

  static inline Neighbour* instance = nullptr;

private:
  inventory::Inventory inventory_;
  std::optional<Served> served_;
};

// One thing is wrong with an inventory. Its up() fails, and nobody else notices.
struct FaultOfUp : Case {
  ~FaultOfUp() { Neighbour::instance->check(); }
};

// After a failed up() there must be no daemon and no socket.
void check_nothing_left(Case& test) {
  BOOST_TEST(!tunnels::status(test.inventory).has_value());
  for (const auto& entry : std::filesystem::directory_iterator(test.bed.runtime())) {
    BOOST_TEST(!std::filesystem::is_socket(entry.path()), entry.path().string() + " is left");
  }
  wait_for_end(test.daemon_pid());
}

bool says(const tunnels::Problem& problem, const std::string& words) {
  return problem.line().find(words) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(faults_of_up, FaultOfUp, *boost::unit_test::fixture<Neighbour>())

BOOST_AUTO_TEST_CASE(a_missing_key_file_is_named_once_for_all_nodes) {
  for (auto& node : inventory.nodes) node.identity = bed.folder() / "nothing";
  const auto all = problems();
  BOOST_TEST(all.size() == 2);
  BOOST_TEST(all[0].cause == "identity-missing");
  const auto text = tunnels::lines_of(all);
  BOOST_TEST(text.size() == 1);
  BOOST_TEST(
      text[0].starts_with("core1, core2: key file is missing: " + (bed.folder() / "nothing").string()));
  check_nothing_left(*this);
}

BOOST_AUTO_TEST_CASE(a_key_file_that_others_may_read_is_not_used) {
  const auto path = bed.folder() / "open_key";
  std::filesystem::copy_file(bed.key("ed25519"), path, std::filesystem::copy_options::overwrite_existing);
  ::chmod(path.c_str(), 0640);
  inventory.nodes[0].identity = path;
  const auto one = problem();
  BOOST_TEST(one.cause == "identity-too-open");
  BOOST_TEST(one.where == "core1");
  BOOST_TEST(one.hint == "chmod 600 " + path.string());
}

BOOST_AUTO_TEST_CASE(a_key_with_a_passphrase_asks_for_the_agent) {
  inventory.nodes[0].identity = bed.key("encrypted");
  const auto one = problem();
  BOOST_TEST(one.cause == "identity-encrypted");
  BOOST_TEST(says(one, "ssh-add " + bed.key("encrypted").string()));
}

BOOST_AUTO_TEST_CASE(a_public_key_that_no_agent_has_is_told) {
  inventory.nodes[0].identity = bed.key("ed25519.pub");
  const auto one = problem();
  BOOST_TEST(one.cause == "identity-missing");
  BOOST_TEST(says(one, "no agent has the private key of " + bed.key("ed25519.pub").string()));
}

BOOST_AUTO_TEST_CASE(under_sudo_the_home_that_was_looked_in_is_named) {
  inventory.nodes[0].identity = bed.key("stranger");
  const auto message = [&] {
    try {
      up();
    } catch (const tunnels::UpFailed& failed) {
      return failed.line();
    }
    return std::string();
  };
  ::setenv("SUDO_USER", "me", 1);
  const std::string with_sudo = message();
  ::unsetenv("SUDO_USER");
  BOOST_TEST(with_sudo.find("sudo: as root, labctl uses the keys, known_hosts and configuration of " +
                            (bed.folder() / "home/.ssh").string() +
                            ", and sudo has dropped SSH_AUTH_SOCK; "
                            "without sudo, those of me") != std::string::npos,
             with_sudo);
  BOOST_TEST(message().find("sudo") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_second_factor_is_told_from_a_refused_key) {
  for (const std::string second : {"password", "keyboard-interactive"}) {
    const SshNode strict(
        bed.folder(), free_port(),
        {"-o", "AuthenticationMethods=publickey," + second, "-o", "KbdInteractiveAuthentication=yes"});
    bed.trust(strict.port());
    inventory.nodes[0].port = strict.port();
    const auto one = problem();
    BOOST_TEST(one.cause == "second-factor", one.line());
    BOOST_TEST(says(one, bed.key("ed25519").string() + " is accepted for user core"));
    BOOST_TEST(says(one, "(" + second + ")"), one.line());
  }
}

BOOST_AUTO_TEST_CASE(a_silent_agent_is_the_trouble_of_the_logins_that_need_it_alone) {
  // An agent that listens and never answers.
  const auto path = bed.folder() / "silent_agent.sock";
  const FakeServer silent(
      [](const FakeRequest&, const FakeConnection& connection) {
        connection.wait_closed();
        return false;
      },
      path.string());
  ::setenv("SSH_AUTH_SOCK", path.c_str(), 1);
  BOOST_TEST(up().status.all_up());
  tunnels::down(inventory);
  inventory.nodes[1].identity.reset();
  const auto one = problem();
  ::unsetenv("SSH_AUTH_SOCK");
  BOOST_TEST(one.where == "core2");
  BOOST_TEST(one.cause == "agent-silent");
  BOOST_TEST(says(one, path.string() + " does not answer"));
}

BOOST_AUTO_TEST_CASE(a_refused_key_names_the_user_and_the_key) {
  inventory.nodes[1].identity = bed.key("stranger");
  const auto one = problem();
  BOOST_TEST(one.cause == "key-refused");
  BOOST_TEST(one.where == "core2");
  BOOST_TEST(says(one, "user core"));
  BOOST_TEST(says(one, bed.key("stranger").string()));
  check_nothing_left(*this);
}

BOOST_AUTO_TEST_CASE(an_unknown_host_key_is_not_accepted) {
  inventory.nodes[0].known_hosts = bed.folder() / "empty_known_hosts";
  const auto one = problem();
  BOOST_TEST(one.cause == "host-key-unknown");
  BOOST_TEST(says(one, "SHA256:"));
}

BOOST_AUTO_TEST_CASE(a_changed_host_key_is_shouted_about) {
  std::ofstream(bed.folder() / "changed_known_hosts")
      << fmt::format("[127.0.0.1]:{} {}", bed.node(1).port(), read_file(bed.key("stranger.pub")));
  inventory.nodes[0].known_hosts = bed.folder() / "changed_known_hosts";
  const auto one = problem();
  BOOST_TEST(one.cause == "host-key-changed");
  BOOST_TEST(says(one, "HOST KEY HAS CHANGED"));
  check_nothing_left(*this);
}

BOOST_AUTO_TEST_CASE(a_node_where_nobody_listens_is_unreachable) {
  inventory.nodes[0].port = free_port();
  const auto one = problem();
  BOOST_TEST(one.cause == "unreachable");
  BOOST_TEST(says(one, "is sshd running there?"));
}

BOOST_AUTO_TEST_CASE(a_name_that_does_not_resolve_is_told) {
  inventory.nodes[1].address = "no-such-host.invalid";
  const auto one = problem();
  BOOST_TEST(one.cause == "name-unknown");
  BOOST_TEST(one.where == "core2");
}

BOOST_AUTO_TEST_CASE(a_node_that_accepts_and_is_silent_ends_at_the_deadline) {
  const DeafListener listener(8);
  inventory.nodes[0].port = listener.port;
  const auto begin = std::chrono::steady_clock::now();
  const auto one = problem();
  BOOST_TEST(one.cause == "no-answer");
  BOOST_TEST(says(one, "SSH handshake"));
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(12)));
  check_nothing_left(*this);
}

BOOST_AUTO_TEST_CASE(a_remote_socket_that_nobody_serves_is_the_forward_s_problem) {
  inventory.forwards[1].remote.path = (bed.folder() / "remote/nobody.sock").string();
  const auto one = problem();
  BOOST_TEST(one.cause == "target-refused");
  BOOST_TEST(one.where == "docker_core1");
  check_nothing_left(*this);
}

BOOST_AUTO_TEST_CASE(a_local_port_of_somebody_else_is_left_alone) {
  const FakeServer other([](const FakeRequest&, const FakeConnection& connection) {
    connection.reply(200, "mine");
    return false;
  });
  inventory.forwards[0].local.port = other.address().port;
  const auto one = problem();
  BOOST_TEST(one.cause == "local-in-use");
  BOOST_TEST(get(inventory.forwards[0].local, "/").text.ends_with("mine"));
}

BOOST_AUTO_TEST_CASE(a_live_socket_of_somebody_else_is_left_alone) {
  const std::string path = bed.folder() / "other.sock";
  const FakeServer other(
      [](const FakeRequest&, const FakeConnection& connection) {
        connection.reply(200, "mine");
        return false;
      },
      path);
  inventory.forwards[1].local.path = path;
  BOOST_TEST(problem().cause == "local-in-use");
  BOOST_TEST(get(inventory.forwards[1].local, "/").text.ends_with("mine"));
  std::filesystem::remove(path);
}

BOOST_AUTO_TEST_CASE(a_plain_file_at_the_local_end_is_left_alone) {
  const auto path = bed.folder() / "precious";
  std::ofstream(path) << "text";
  inventory.forwards[1].local.path = path;
  BOOST_TEST(problem().cause == "local-in-use");
  BOOST_TEST(read_file(path) == "text");
}

BOOST_AUTO_TEST_SUITE_END()
