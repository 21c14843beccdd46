#include "base/paths.hpp"
#include "base/process.hpp"
#include "served.hpp"
#include "ssh_agent.hpp"
#include "tunnels/daemon_lock.hpp"
#include "tunnels/daemon_paths.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <fstream>
#include <optional>
#include <thread>

using namespace labctl;
using namespace labctl::test;
using tunnels::ForwardState;

namespace {

bool is_up(const tunnels::Status& status, const std::string& name) {
  return forward(status, name).state == ForwardState::up;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(lifecycle, Case)

BOOST_AUTO_TEST_CASE(up_returns_when_every_forward_answers) {
  const auto report = up();
  BOOST_TEST(!report.already_up);
  BOOST_TEST(report.status.forwards.size() == 3);
  BOOST_TEST(report.status.all_up());
  BOOST_TEST(get(consul(*this), "/v1/status/leader").text.ends_with("\"10.0.0.1:8300\""));
  BOOST_TEST(get(docker1(*this), "/_ping").text.ends_with("OK"));
}

BOOST_AUTO_TEST_CASE(sockets_are_ours_alone) {
  up();
  struct stat found {};
  for (const auto& path : {docker1(*this).path, (bed.runtime() / "daemon.sock").string()}) {
    BOOST_REQUIRE(::lstat(path.c_str(), &found) == 0);
    BOOST_TEST((found.st_mode & 0777) == 0600u);
  }
  BOOST_REQUIRE(::lstat(bed.runtime().c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777) == 0700u);
}

BOOST_AUTO_TEST_CASE(a_second_up_finds_it_already_up) {
  up();
  const pid_t pid = daemon_pid();
  BOOST_TEST(up().already_up);
  BOOST_TEST(daemon_pid() == pid);
}

BOOST_AUTO_TEST_CASE(up_with_other_values_for_the_inventory_says_so) {
  up();
  inventory.forwards.push_back(
      {"extra", {"core1"}, {.host = "127.0.0.1", .port = free_port(), .path = {}}, consul(*this)});
  BOOST_CHECK_EXCEPTION(up(), Error, [](const Error& error) {
    return error.kind() == Kind::conflict &&
           error.line().find("they do not carry extra") != std::string::npos;
  });
  BOOST_TEST(tunnels::status(inventory)->all_up());
}

BOOST_AUTO_TEST_CASE(down_leaves_no_socket_and_no_process) {
  up();
  const pid_t pid = daemon_pid();
  BOOST_TEST(tunnels::down(inventory));
  BOOST_TEST(!process_exists(pid));
  BOOST_TEST(!std::filesystem::exists(docker1(*this).path));
  BOOST_TEST(!std::filesystem::exists(bed.runtime() / "daemon.sock"));
  BOOST_TEST(get(consul(*this), "/").error == ECONNREFUSED);
  BOOST_TEST(!tunnels::down(inventory));
}

BOOST_AUTO_TEST_CASE(down_does_not_wait_for_connected_clients) {
  up();
  const UniqueFd client(connect_to(docker1(*this)));
  const UniqueFd other(connect_to(consul(*this)));
  wait_status([](const auto& status) { return forward(status, "docker_core1").connections >= 1; });
  const auto begin = std::chrono::steady_clock::now();
  tunnels::down(inventory);
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(2)));
}

BOOST_AUTO_TEST_CASE(a_killed_daemon_is_replaced_with_its_dead_sockets) {
  up();
  const pid_t pid = daemon_pid();
  ::kill(pid, SIGKILL);
  BOOST_TEST(std::filesystem::is_socket(docker1(*this).path));
  BOOST_TEST(!up().already_up);
  BOOST_TEST(daemon_pid() != pid);
  BOOST_TEST(get(docker1(*this), "/_ping").text.ends_with("OK"));
}

BOOST_AUTO_TEST_CASE(down_removes_what_a_killed_daemon_left) {
  up();
  ::kill(daemon_pid(), SIGKILL);
  tunnels::down(inventory);
  BOOST_TEST(!std::filesystem::exists(docker1(*this).path));
  BOOST_TEST(!std::filesystem::exists(bed.runtime() / "daemon.sock"));
}

BOOST_AUTO_TEST_CASE(a_daemon_whose_folder_was_wiped_makes_it_again) {
  up();
  Served others(inventory, {"consul"});  // at a TCP port: no file of it can be removed
  const pid_t pid = daemon_pid();
  std::filesystem::remove_all(bed.runtime().parent_path());
  BOOST_TEST(!tunnels::status(inventory).has_value());
  const Deadline deadline = Deadline::in(std::chrono::seconds(20));
  std::optional<tunnels::Status> status;
  while (!(status && status->all_up() && std::filesystem::exists(docker1(*this).path))) {
    BOOST_REQUIRE(!deadline.passed());
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    status = tunnels::status(inventory);
  }
  BOOST_TEST(get(docker1(*this), "/_ping").text.ends_with("OK"));
  BOOST_TEST(up().already_up);
  BOOST_TEST(daemon_pid() == pid);
  others.check();
  BOOST_TEST(tunnels::down(inventory));
  BOOST_TEST(!process_exists(pid));
}

BOOST_AUTO_TEST_CASE(a_daemon_in_another_runtime_folder_is_told_of_and_left_alone) {
  up();
  const pid_t pid = daemon_pid();
  const std::string folder = bed.runtime().parent_path();
  ::unsetenv("LABCTL_RUNTIME_DIR");
  ::setenv("XDG_RUNTIME_DIR", (bed.folder() / "cron").c_str(), 1);
  const bool found_here = tunnels::status(inventory).has_value();
  const bool ended = tunnels::down(inventory);
  const std::string note = tunnels::daemon_elsewhere_note(inventory.name);
  ::unsetenv("XDG_RUNTIME_DIR");
  ::setenv("LABCTL_RUNTIME_DIR", folder.c_str(), 1);
  BOOST_TEST(!found_here);
  BOOST_TEST(!ended);
  BOOST_TEST(note.find("(pid " + std::to_string(pid) + ")") != std::string::npos, note);
  BOOST_TEST(note.find("LABCTL_RUNTIME_DIR=" + folder) != std::string::npos, note);
  BOOST_TEST(tunnels::status(inventory)->all_up());
  BOOST_TEST(tunnels::daemon_elsewhere_note(inventory.name).empty());
}

BOOST_AUTO_TEST_CASE(a_terminated_daemon_leaves_no_socket) {
  up();
  const pid_t pid = daemon_pid();
  ::kill(pid, SIGTERM);
  wait_for_end(pid);
  BOOST_TEST(!process_exists(pid));
  BOOST_TEST(!std::filesystem::exists(docker1(*this).path));
}

BOOST_AUTO_TEST_CASE(when_a_node_is_lost_its_socket_goes_and_consul_moves_on) {
  up();
  Served others(inventory, {"docker_core2"});
  bed.node(1).kill();
  const auto status = wait_status([](const auto& now) {
    return forward(now, "docker_core1").state == ForwardState::down && is_up(now, "consul") &&
           forward(now, "consul").node == "core2";
  });
  BOOST_TEST(is_up(status, "docker_core2"));
  BOOST_TEST(!std::filesystem::exists(docker1(*this).path));
  BOOST_TEST(get(docker1(*this), "/_ping").error == ENOENT);
  BOOST_TEST(get(consul(*this), "/v1/status/leader").text.ends_with("\"10.0.0.1:8300\""));
  bed.node(1).start();
  wait_status([](const auto& now) { return now.all_up(); });
  BOOST_TEST(get(docker1(*this), "/_ping").text.ends_with("OK"));
  others.check();
}

BOOST_AUTO_TEST_CASE(up_again_tries_at_once_what_is_down) {
  up();
  bed.node(1).kill();
  wait_status([](const auto& now) { return forward(now, "docker_core1").state == ForwardState::down; });
  const auto problem_now = problem();
  BOOST_TEST(problem_now.cause == "unreachable");
  BOOST_TEST(tunnels::status(inventory).has_value());  // the running daemon continues
  bed.node(1).start();
  BOOST_TEST(up().already_up);
  BOOST_TEST(tunnels::status(inventory)->all_up());
}

BOOST_AUTO_TEST_CASE(restart_of_one_forward_ends_its_connections_only) {
  up();
  const UniqueFd mine(connect_to(docker1(*this)));
  const UniqueFd others(connect_to(inventory.forwards[2].local));
  wait_status([](const auto& now) {
    return forward(now, "docker_core1").connections == 1 && forward(now, "docker_core2").connections == 1;
  });
  const auto status = tunnels::restart(inventory, {"docker_core1"});
  BOOST_TEST(status.all_up());
  BOOST_TEST(forward(status, "docker_core2").connections == 1);
  char byte = 0;
  BOOST_TEST(::recv(mine.get(), &byte, 1, 0) <= 0);
  BOOST_CHECK_THROW(tunnels::restart(inventory, {"docker_core9"}), Error);
}

BOOST_AUTO_TEST_CASE(restart_of_all_logs_in_anew) {
  up();
  BOOST_TEST(tunnels::restart(inventory).all_up());
  BOOST_TEST(get(docker1(*this), "/_ping").text.ends_with("OK"));
}

BOOST_AUTO_TEST_CASE(a_deleted_socket_is_made_again_by_restart) {
  up();
  std::filesystem::remove(docker1(*this).path);
  tunnels::restart(inventory, {"docker_core1"});
  BOOST_TEST(get(docker1(*this), "/_ping").text.ends_with("OK"));
}

BOOST_AUTO_TEST_CASE(only_the_chosen_nodes_are_brought_up) {
  const auto report = tunnels::up(inventory, {.nodes = {"core2"}, .program = LABCTL_PROGRAM});
  BOOST_TEST(report.status.nodes.size() == 1);
  BOOST_TEST(forward(report.status, "consul").node == "core2");
  BOOST_TEST(!std::filesystem::exists(docker1(*this).path));
  BOOST_CHECK_THROW(tunnels::up(inventory, {.nodes = {"core7"}, .program = LABCTL_PROGRAM}), Error);
}

BOOST_AUTO_TEST_CASE(rsa_and_ecdsa_keys_log_in_too) {
  inventory.nodes[0].identity = bed.key("rsa");
  inventory.nodes[1].identity = bed.key("ecdsa");
  BOOST_TEST(up().status.all_up());
}

BOOST_AUTO_TEST_CASE(the_hashed_name_of_a_host_is_found_in_known_hosts) {
  run_checked({.argv = {"ssh-keygen", "-q", "-H", "-f", (bed.folder() / "known_hosts").string()}},
              Deadline::in(std::chrono::seconds(10)));
  BOOST_TEST(read_file(bed.folder() / "known_hosts").starts_with("|1|"));
  BOOST_TEST(up().status.all_up());
}

BOOST_AUTO_TEST_CASE(keys_of_the_agent_log_in) {
  const SshAgent agent(bed.folder() / "agent.sock");
  agent.add({bed.key("ed25519"), bed.key("rsa")});
  for (auto& node : inventory.nodes) node.identity.reset();
  BOOST_TEST(up().status.all_up());
}

BOOST_AUTO_TEST_CASE(the_next_login_asks_the_agent_of_the_newest_caller) {
  for (auto& node : inventory.nodes) node.identity.reset();
  SshAgent first(bed.folder() / "agent1.sock");
  first.add({bed.key("ed25519")});
  up();
  const pid_t daemon = daemon_pid();
  const SshAgent second(bed.folder() / "agent2.sock");
  second.add({bed.key("rsa")});
  BOOST_TEST(up().already_up);
  first.kill();
  BOOST_TEST(tunnels::restart(inventory).all_up());
  // A caller without an agent changes nothing.
  ::unsetenv("SSH_AUTH_SOCK");
  BOOST_TEST(up().already_up);
  BOOST_TEST(tunnels::restart(inventory).all_up());
  BOOST_TEST(daemon_pid() == daemon);
}

BOOST_AUTO_TEST_CASE(the_person_s_ssh_config_is_honoured) {
  std::filesystem::create_directories(bed.folder() / "home/.ssh");
  std::ofstream(bed.folder() / "home/.ssh/config")
      << "Host node-one\n  HostName 127.0.0.1\n  Port " << bed.node(1).port()
      << "\n  User core\n  IdentityFile " << bed.key("ed25519").string() << "\n  UserKnownHostsFile "
      << (bed.folder() / "known_hosts").string() << "\n";
  auto& node = inventory.nodes[0];
  node = {.name = "core1", .address = "node-one", .port = 0, .user = "", .identity = {}, .known_hosts = ""};
  const bool all_up = up().status.all_up();
  std::filesystem::remove(bed.folder() / "home/.ssh/config");
  BOOST_TEST(all_up);
}

BOOST_AUTO_TEST_CASE(a_probe_tells_login_from_remote_end) {
  const auto deadline = [] { return Deadline::in(std::chrono::seconds(10)); };
  const auto well = tunnels::probe(inventory.nodes[0], inventory.forwards[1].remote, deadline());
  BOOST_TEST(well.ok());
  auto nobody = inventory.forwards[1].remote;
  nobody.path = "/nobody.sock";
  const auto dead = tunnels::probe(inventory.nodes[0], nobody, deadline());
  BOOST_TEST(!dead.login.has_value());
  BOOST_REQUIRE(dead.channel);
  BOOST_TEST((dead.channel->cause() == ssh::Cause::target_refused));
  inventory.nodes[0].identity = bed.key("stranger");
  const auto refused = tunnels::probe(inventory.nodes[0], std::nullopt, deadline());
  BOOST_REQUIRE(refused.login);
  BOOST_TEST((refused.login->cause() == ssh::Cause::key_refused));
}

BOOST_AUTO_TEST_SUITE_END()
