// What the program itself prints about tunnels that do not come up: notes beside the problems.
#include "base/process.hpp"
#include "testbed.hpp"

#include <fstream>

using namespace labctl;
using namespace labctl::test;

namespace {

// `labctl tunnels ...` for core1 with this key, in a changed environment.
struct Program : Case {
  Result labctl(const std::string& key, const std::vector<std::string>& words, Command command) const {
    command.argv = {LABCTL_PROGRAM, "--inventory", inventory_file(bed.key(key)).string(), "tunnels"};
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    return run(command, Deadline::in(std::chrono::seconds(60)));
  }
};

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(messages, Program)

BOOST_AUTO_TEST_CASE(under_sudo_the_home_is_named_beside_the_problem) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"up"}, {"up", "--foreground"}}) {
    const auto seen = labctl("stranger", words, {.environment = {"SUDO_USER=me"}});
    BOOST_TEST(seen.status == 2);
    BOOST_TEST(says(seen.err, "labctl: core1: no key is accepted"), seen.err);
    BOOST_TEST(
        says(seen.err, "labctl: sudo: as root, labctl uses the keys, known_hosts and configuration of " +
                           (bed.folder() / "home/.ssh").string()),
        seen.err);
  }
}

BOOST_AUTO_TEST_CASE(a_match_that_is_not_evaluated_is_named_with_its_line) {
  const auto config = bed.folder() / "home/.ssh/config";
  std::filesystem::create_directories(config.parent_path());
  std::ofstream(config) << "Host *\nMatch exec \"false\"\n  ServerAliveInterval 30\n";
  const std::string place = "labctl does not evaluate it (" + config.string() + ":2)";
  const auto up = labctl("ed25519", {"up"}, {});
  BOOST_TEST(up.status == 0);
  BOOST_TEST(says(up.err, place), up.err);
  const auto doctor = run({.argv = {LABCTL_PROGRAM, "--json", "--inventory",
                                    inventory_file(bed.key("ed25519")).string(), "doctor"}},
                          Deadline::in(std::chrono::seconds(60)));
  std::filesystem::remove(config);
  BOOST_TEST(says(doctor.out, "ssh-config-left-out"), doctor.out);
  BOOST_TEST(says(doctor.out, place), doctor.out);
}

BOOST_AUTO_TEST_CASE(from_cron_the_daemon_of_the_shell_is_named) {
  up();
  const pid_t pid = daemon_pid();
  const Command cron{.environment = {"XDG_RUNTIME_DIR=" + (bed.folder() / "cron").string()},
                     .drop_environment = {"LABCTL_RUNTIME_DIR"}};
  const std::string note = "a daemon of yours (pid " + std::to_string(pid) + ")";
  const auto refused = labctl("ed25519", {"up"}, cron);
  BOOST_TEST(refused.status == 2);
  BOOST_TEST(says(refused.err, note), refused.err);
  const auto status = labctl("ed25519", {"status"}, cron);
  BOOST_TEST(status.status == 1);
  BOOST_TEST(says(status.err, note), status.err);
  const auto down = labctl("ed25519", {"down"}, cron);
  BOOST_TEST(down.status == 0);
  BOOST_TEST(says(down.err, note), down.err);
  BOOST_TEST(process_exists(pid));
}

BOOST_AUTO_TEST_SUITE_END()
