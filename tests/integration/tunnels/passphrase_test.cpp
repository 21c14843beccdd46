// Key files with a passphrase, which a person types into OpenSSH's ssh-add.
#include "base/paths.hpp"
#include "base/spawn.hpp"
#include "support/soon.hpp"
#include "testbed.hpp"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <utility>

using namespace labctl;
using namespace labctl::test;

namespace {

// The program in SSH_ASKPASS, instead of a person at a graphical session. It writes down each question.
struct Person : Case {
  Person() {
    answers_with("echo secret");
    ::setenv("SSH_ASKPASS", program.c_str(), 1);
    ::setenv("SSH_ASKPASS_REQUIRE", "force", 1);
    inventory.nodes[0].identity = bed.key("encrypted");
  }
  ~Person() {
    ::unsetenv("SSH_ASKPASS");
    ::unsetenv("SSH_ASKPASS_REQUIRE");
    std::filesystem::remove_all(home);
    std::filesystem::remove(questions_file);
  }
  Person(const Person&) = delete;
  Person& operator=(const Person&) = delete;

  void answers_with(const std::string& command) const {
    std::ofstream(program) << "#!/bin/sh\necho \"$1\" >>'" << questions_file.string() << "'\n"
                           << command << "\n";
    ::chmod(program.c_str(), 0700);
  }
  std::string questions() const {
    return std::filesystem::exists(questions_file) ? read_file(questions_file) : "";
  }
  std::string question(const std::string& key) const {
    return "Enter passphrase for " + bed.key(key).string() + ": \n";
  }
  // The keys and the configuration that a person without `identity:` has.
  void use_home(const std::string& config) {
    std::filesystem::create_directories(home);
    std::ofstream(home / "config") << config;
    for (auto& node : inventory.nodes) node.identity.reset();
  }
  // The socket of the agent with the typed passphrases; "" if there is none.
  std::string agent() const {
    for (const auto& entry : std::filesystem::directory_iterator(bed.runtime())) {
      if (entry.path().filename().string().starts_with("passphrases")) return entry.path().string();
    }
    return "";
  }

  const std::filesystem::path program = bed.folder() / "askpass";
  const std::filesystem::path questions_file = bed.folder() / "questions";
  const std::filesystem::path home = bed.folder() / "home/.ssh";
};

// `labctl tunnels up` on a terminal of its own, until it asks for the passphrase.
struct Terminal : Person {
  Terminal();
  ~Terminal() {
    if (child > 0) end();
  }
  // Waits for its end.
  int end() { return wait_for_exit(std::exchange(child, -1)); }
  // Reads until the screen ends with these words, or until the program has ended.
  void read_until(const std::string& words) {
    char byte = 0;
    while ((words.empty() || !shown.ends_with(words)) && ::read(terminal.get(), &byte, 1) == 1) shown += byte;
  }

  UniqueFd terminal;
  pid_t child = -1;
  std::string shown;
};

Terminal::Terminal() {
  for (const char* name : {"SSH_ASKPASS", "SSH_ASKPASS_REQUIRE"}) ::unsetenv(name);
  const auto file = inventory_file(bed.key("encrypted"));
  int master = -1;
  child = ::forkpty(&master, nullptr, nullptr, nullptr);
  if (child == 0) {
    ::execl(LABCTL_PROGRAM, "labctl", "--inventory", file.c_str(), "tunnels", "up", nullptr);
    ::_exit(127);
  }
  terminal.reset(master);
  read_until("encrypted: ");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(passphrase, Person)

BOOST_AUTO_TEST_CASE(it_is_asked_once_for_all_nodes_and_not_kept) {
  inventory.nodes[1].identity = bed.key("encrypted");
  BOOST_TEST(up().status.all_up());
  BOOST_TEST(questions() == question("encrypted"));
  BOOST_TEST(agent() == "");
  // The daemon cannot log in again by itself, and says what it needs.
  try {
    tunnels::restart(inventory);
    BOOST_FAIL("the daemon has kept the key");
  } catch (const tunnels::UpFailed& failed) {
    BOOST_TEST(failed.problems().at(0).cause == "identity-encrypted");
    BOOST_TEST(failed.problems().at(0).hint.find("labctl tunnels up") != std::string::npos);
  }
  // `up` asks again, and the same daemon goes on.
  const pid_t daemon = daemon_pid();
  const auto again = up();
  BOOST_TEST(again.already_up);
  BOOST_TEST(again.status.all_up());
  BOOST_TEST(daemon_pid() == daemon);
  BOOST_TEST(questions() == question("encrypted") + question("encrypted"));
}

BOOST_AUTO_TEST_CASE(without_an_answer_the_key_is_named_and_nobody_is_asked_twice) {
  answers_with("exit 1");
  const auto one = problem();
  BOOST_TEST(one.cause == "identity-encrypted");
  BOOST_TEST(one.where == "core1");
  BOOST_TEST(one.what == bed.key("encrypted").string() +
                             " would be accepted, but it needs a passphrase, and no agent has it");
  BOOST_TEST(questions() == question("encrypted"));
  BOOST_TEST(agent() == "");
}

BOOST_AUTO_TEST_CASE(as_with_ssh_only_a_key_that_the_node_accepts_is_asked_for) {
  use_home("IdentityFile " + bed.key("locked_stranger").string() + "\nIdentityFile " +
           bed.key("encrypted").string() + "\n");
  BOOST_TEST(up().status.all_up());
  BOOST_TEST(questions() == question("encrypted"));
}

BOOST_AUTO_TEST_CASE(a_key_file_that_does_not_show_its_public_part_is_asked_for) {
  std::filesystem::copy_file(bed.key("locked_pem"), bed.key("alone"));
  ::chmod(bed.key("alone").c_str(), 0600);
  inventory.nodes[0].identity = bed.key("alone");
  const bool all_up = up().status.all_up();
  std::filesystem::remove(bed.key("alone"));
  BOOST_TEST(all_up);
  BOOST_TEST(questions() == question("alone"));
}

BOOST_AUTO_TEST_CASE(with_batch_mode_nobody_is_asked) {
  use_home("BatchMode yes\nIdentityFile " + bed.key("encrypted").string() + "\n");
  BOOST_TEST(problems().at(0).cause == "identity-encrypted");
  BOOST_TEST(questions() == "");
}

BOOST_FIXTURE_TEST_CASE(it_is_typed_on_the_terminal, Terminal) {
  BOOST_TEST(::write(terminal.get(), "secret\n", 7) == 7);
  read_until("");
  BOOST_TEST(end() == 0, shown);
  BOOST_TEST(shown.find("2 forwards ok") != std::string::npos, shown);
  BOOST_TEST(shown.find("secret") == std::string::npos, shown);
}

BOOST_FIXTURE_TEST_CASE(the_agent_ends_with_its_command_even_if_that_is_killed, Terminal) {
  const UniqueFd connection(connect_to(Endpoint::unix_socket(agent())));
  BOOST_REQUIRE(connection);
  ::kill(child, SIGKILL);
  pollfd closed{connection.get(), POLLIN, 0};
  BOOST_TEST(::poll(&closed, 1, static_cast<int>(soon().left().count())) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
