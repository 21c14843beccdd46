#include "base/paths.hpp"
#include "base/process.hpp"
#include "testbed.hpp"

#include <fmt/format.h>

#include <fstream>

using namespace labctl;
using namespace labctl::test;
using tunnels::ForwardState;

namespace {

// core1 has a name that only the nodes can resolve, so a connection to it must go through one of them. The
// other node is "gate" in the user's configuration.
struct Behind : Case {
  Behind() {
    std::filesystem::create_directories(config.parent_path());
    const std::string key = read_file(bed.folder() / "host_ed25519_key.pub");
    std::ofstream(known_hosts, std::ios::app)
        << fmt::format("[behind.lab]:{} {}[127.0.0.1]:{} {}", core1.port, key, bed.node(2).port(), key);
    core1.address = "behind.lab";
    std::erase_if(inventory.nodes, [](const auto& node) { return node.name == "core2"; });
    std::erase_if(inventory.forwards, [](const auto& forward) { return forward.name == "docker_core2"; });
    inventory.forwards[0].via = {"core1"};
  }
  ~Behind() { std::filesystem::remove(config); }
  Behind(const Behind&) = delete;
  Behind& operator=(const Behind&) = delete;

  // Writes the ssh configuration of core1, of the gate and of a second jump host behind it.
  void write(const std::string& lines) const {
    std::ofstream(config) << fmt::format(
        "Host behind.lab\n  {}\nHost gate\n  HostName 127.0.0.1\n  Port {}\nHost second\n  HostName "
        "behind.lab\n"
        "  Port {}\nHost *\n  User core\n  IdentityFile {}\n  IdentitiesOnly yes\n  UserKnownHostsFile {}\n"
        "  GlobalKnownHostsFile none\n  StrictHostKeyChecking yes\n",
        lines, bed.node(2).port(), core1.port, bed.key("ed25519").string(), known_hosts.string());
  }

  // A ProxyCommand that goes through the gate with ssh.
  std::string ssh_to_gate() const { return fmt::format("ssh -F {} -W %h:%p gate", config.string()); }

  static Deadline soon() { return Deadline::in(std::chrono::seconds(20)); }

  bool ssh_logs_in() const {
    return run({.argv = {"ssh", "-F", config.string(), "-o", "BatchMode=yes", "-p",
                         std::to_string(core1.port), "behind.lab", "true"}},
               soon())
               .status == 0;
  }

  // The error of labctl's login; "" if it succeeds.
  std::string problem_of_labctl() const {
    const auto probed = tunnels::probe(core1, std::nullopt, soon());
    return probed.login ? probed.login->line() : "";
  }

  const std::filesystem::path config = bed.folder() / "home/.ssh/config";
  const std::filesystem::path known_hosts = bed.folder() / "known_hosts";
  inventory::Node& core1 = inventory.nodes[0];
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(jump, Behind)

BOOST_AUTO_TEST_CASE(labctl_gets_there_by_the_ways_of_ssh) {
  logs_in_where_ssh_does(
      {"ProxyJump none", "ProxyJump gate", "ProxyJump core@gate", "ProxyJump nobody@gate",
       "ProxyJump gate,second", "ProxyJump second", "ProxyJump second,gate", "ProxyJump gate:1",
       fmt::format("ProxyJump core@127.0.0.1:{}", bed.node(2).port()), "ProxyJump [::1]",
       "BindAddress 192.0.2.1\n  ProxyJump gate", "ProxyJump gate\nHost gate\n  BindAddress 192.0.2.1",
       "ProxyJump gate\nHost gate\n  BindAddress 127.0.0.3",
       "ProxyJump second\nHost second\n  ProxyJump gate",
       "ProxyJump second\nHost second\n  ProxyCommand " + ssh_to_gate(), "ProxyCommand " + ssh_to_gate(),
       "ProxyCommand " + ssh_to_gate() + "\n  ProxyJump none", "ProxyCommand false",
       "ProxyCommand /no/such/program"},
      {.write = [this](const std::string& lines) { write(lines); },
       .ssh_logs_in = [this] { return ssh_logs_in(); },
       .problem_of_labctl = [this] { return problem_of_labctl(); }},
      5);
}

BOOST_AUTO_TEST_CASE(the_host_key_of_an_unknown_jump_host_comes_first) {
  write("ProxyJump gate\nHost gate\n  UserKnownHostsFile " + (bed.folder() / "no_known_hosts").string());
  const auto gate = tunnels::host_key(core1, soon());
  BOOST_TEST(gate.where == "gate");
  BOOST_TEST((gate.key.verdict == ssh::HostKeyVerdict::unknown));
  write("ProxyJump gate");
  const auto node = tunnels::host_key(core1, soon());
  BOOST_TEST(node.where == "core1");
  BOOST_TEST((node.key.verdict == ssh::HostKeyVerdict::match));
}

BOOST_AUTO_TEST_CASE(forwards_go_through_the_jump_host_and_down_and_up_with_it) {
  write("ProxyJump gate");
  up();
  BOOST_TEST(get(docker1(*this), "/_ping").text.ends_with("OK"));
  BOOST_TEST(get(docker1(*this), "/big/20000000").text.size() > 20000000);
  bed.node(2).kill();
  const auto lost = wait_status(
      [](const auto& status) { return forward(status, "docker_core1").state == ForwardState::down; });
  const auto& why = forward(lost, "docker_core1").last_error;
  BOOST_REQUIRE(why.has_value());
  BOOST_TEST(contains(why->what, "jump host gate"), why->what);
  bed.node(2).start();
  wait_status([](const auto& status) { return status.all_up(); });
  BOOST_TEST(get(docker1(*this), "/_ping").text.ends_with("OK"));
}

BOOST_AUTO_TEST_CASE(what_the_jump_host_cannot_do_is_told_of_it) {
  write("ProxyJump gate");
  core1.port = 1;
  BOOST_TEST(contains(problem_of_labctl(), "jump host gate: cannot connect to behind.lab:1"));
  write("ProxyJump nobody@gate");
  BOOST_TEST(contains(problem_of_labctl(), "jump host gate: no key is accepted for user nobody"));
}

BOOST_AUTO_TEST_CASE(a_proxy_command_carries_and_ends_with_its_session) {
  const auto note = bed.folder() / "proxy_pid";
  write(fmt::format("ProxyCommand sh -c 'echo $$ >{}; exec {}'", note.string(), ssh_to_gate()));
  up();
  BOOST_TEST(get(docker1(*this), "/big/20000000").text.size() > 20000000);
  const pid_t command = std::stoi(read_file(note));
  BOOST_TEST(process_exists(command));
  tunnels::down(inventory);
  BOOST_TEST(!process_exists(command));
}

BOOST_AUTO_TEST_CASE(no_name_says_anything_to_the_shell_of_a_proxy_command) {
  const auto trace = bed.folder() / "trace";
  write("HostName $(touch${IFS}" + trace.string() + ")\n  ProxyCommand echo %h");
  BOOST_TEST(contains(problem_of_labctl(), "labctl does not give the name"));
  BOOST_CHECK_THROW(up(), Error);
  BOOST_TEST(!std::filesystem::exists(trace));
}

BOOST_AUTO_TEST_CASE(a_proxy_command_that_fails_is_quoted) {
  write("ProxyCommand echo the bridge is closed >&2");
  const std::string problem = problem_of_labctl();
  BOOST_TEST(contains(problem, "the ProxyCommand ended: the bridge is closed"), problem);
}

BOOST_AUTO_TEST_SUITE_END()
