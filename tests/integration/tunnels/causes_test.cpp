// Why a node's sshd does not connect to a remote end: each cause is told from the others, and the other
// forwards are served all the while.
#include "base/paths.hpp"
#include "repeating_server.hpp"
#include "served.hpp"

#include <sys/stat.h>

#include <fstream>

using namespace labctl;
using namespace labctl::test;
using tunnels::ForwardState;

namespace {

struct Causes : Case {
  // docker_core1 leads to a socket of this case; Consul goes through core2.
  Causes() {
    inventory.forwards[0].via = {"core2"};
    inventory.forwards[1].remote = Endpoint::unix_socket(socket.string());
    std::filesystem::remove_all(socket);
  }
  ~Causes() { std::filesystem::remove_all(socket); }
  Causes(const Causes&) = delete;
  Causes& operator=(const Causes&) = delete;

  void serve() {
    server = std::make_unique<FakeServer>(
        [](const FakeRequest&, const FakeConnection& connection) {
          connection.reply(200, "OK");
          return false;
        },
        socket.string());
    ::chmod(socket.c_str(), 0666);
  }
  void serve_no_more() {
    server.reset();
    std::filesystem::remove_all(socket);
  }

  // Why docker_core1 does not work now.
  tunnels::Problem cause_now() {
    try {
      tunnels::restart(inventory, {"docker_core1"});
    } catch (const tunnels::UpFailed& failed) {
      BOOST_REQUIRE_EQUAL(failed.problems().size(), 1);
      BOOST_TEST(failed.problems()[0].where == "docker_core1");
      return failed.problems()[0];
    }
    return {"", "", "", "none"};
  }

  // core1's sshd is another one now, at the same port.
  void replace_node(std::vector<std::string> options) {
    node->kill();
    wait_status([](const auto& now) { return now.nodes[0].state != tunnels::NodeState::up; });
    const auto port = node->port();
    node.emplace(bed.folder(), port, std::move(options));
    wait_status([](const auto& now) { return now.nodes[0].state == tunnels::NodeState::up; });
  }

  // Options of an sshd whose authorized_keys has these options for the key.
  std::vector<std::string> login_with(const std::string& options) {
    const auto path = bed.folder() / "keys_with_options";
    std::ofstream(path) << options << " " << read_file(bed.key("ed25519").string() + ".pub");
    // Everybody may write to a folder above, /tmp.
    return {"-o", "AuthorizedKeysFile=" + path.string(), "-o", "StrictModes=no"};
  }

  const std::filesystem::path socket = bed.folder() / "remote/changing.sock";
  std::unique_ptr<FakeServer> server;
};

void expect(const tunnels::Problem& problem, const std::string& cause, const std::string& words) {
  BOOST_TEST(problem.cause == cause, problem.line());
  BOOST_TEST(problem.line().find(words) != std::string::npos, problem.line());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(true_causes, Causes)

BOOST_AUTO_TEST_CASE(each_state_of_docker_s_socket_is_told) {
  serve();
  up();
  Served others(inventory, {"consul", "docker_core2"});
  server.reset();
  expect(cause_now(), "target-refused", "nobody listens there");
  std::filesystem::remove(socket);
  expect(cause_now(), "target-refused", "there is no such file below " + socket.parent_path().string());
  std::filesystem::create_directory(socket);
  expect(cause_now(), "target-refused", "it is a directory");
  std::filesystem::remove(socket);
  std::ofstream(socket) << "text";
  expect(cause_now(), "target-refused", "it is no socket");
  std::filesystem::remove(socket);
  serve();
  ::chmod(socket.c_str(), 0660);
  expect(cause_now(), "target-denied", "it belongs to root:root, mode 660; user core is in the groups core");
  ::chmod(socket.c_str(), 0666);
  BOOST_TEST(cause_now().cause == "none");
  others.check();
}

BOOST_AUTO_TEST_CASE(what_sshd_and_the_key_forbid_is_told_from_a_service_that_is_down) {
  use_node({});
  serve();
  const Endpoint web{"127.0.0.1", bed.consul().address().port, {}};
  inventory.forwards.push_back({"web", {"core1"}, {"127.0.0.1", free_port(), {}}, web});
  up();
  Served others(inventory, {"consul", "docker_core2"});
  // Waits until these words are the forward's error: it is another one while the node is away.
  const auto wait_for = [&](const std::string& name, const std::string& words) {
    const auto status = wait_status([&](const auto& now) {
      const auto& error = forward(now, name).last_error;
      return error && error->line().find(words) != std::string::npos;
    });
    BOOST_TEST(forward(status, name).last_error->cause == "forwarding-denied");
  };
  replace_node({"-o", "AllowStreamLocalForwarding=no"});
  wait_for("docker_core1", "a process listens there, and user core may connect to it");
  wait_status([](const auto& now) { return forward(now, "web").state == ForwardState::up; });
  replace_node({"-o", "DisableForwarding=yes"});
  wait_for("docker_core1", "a process listens there, and user core may connect to it");
  wait_for("web", "DisableForwarding");
  replace_node(login_with("restrict"));
  for (const auto* name : {"docker_core1", "web"})
    wait_for(name, "keys_with_options:1 does not allow port-forwarding");
  others.check();
}

BOOST_AUTO_TEST_CASE(permitopen_is_named) {
  use_node(login_with("permitopen=\"localhost:1\""));
  serve();
  const Endpoint web{"127.0.0.1", bed.consul().address().port, {}};
  inventory.forwards[1].remote = web;
  inventory.forwards[1].kind = inventory::Forward::Kind::other;
  expect(problem(), "forwarding-denied",
         "permitopen in " + (bed.folder() / "keys_with_options").string() + ":1");
}

BOOST_AUTO_TEST_CASE(restrict_is_named_even_with_a_permitopen_for_the_remote_end) {
  serve();
  const Endpoint web{"127.0.0.1", bed.consul().address().port, {}};
  inventory.forwards.push_back({"web", {"core1"}, {"127.0.0.1", free_port(), {}}, web});
  const std::string permit = "permitopen=\"" + to_string(web) + "\"";
  use_node(login_with("restrict," + permit));
  const auto all = problems();
  BOOST_TEST(all.size() == 2U);
  for (const auto& one : all) {
    expect(one, "forwarding-denied", "keys_with_options:1 does not allow port-forwarding");
    BOOST_TEST(one.hint == "add port-forwarding to the options of that line on the node");
  }
  // With what the hint says the port works. A permitopen for ports allows no socket, and that is told next.
  use_node(login_with("restrict,port-forwarding," + permit));
  const auto next = problem();
  BOOST_TEST(next.where == "docker_core1");
  expect(next, "forwarding-denied", "permitopen in " + (bed.folder() / "keys_with_options").string() + ":1");
  use_node(login_with("restrict,port-forwarding"));
  BOOST_TEST(up().status.all_up());
}

BOOST_AUTO_TEST_CASE(a_permitopen_in_sshd_config_is_named_for_a_socket) {
  serve();
  use_node({"-o", "PermitOpen=localhost:1"});
  const auto one = problem();
  expect(one, "forwarding-denied", "a process listens there, and user core may connect to it");
  expect(one, "forwarding-denied", "PermitOpen or DisableForwarding in sshd_config");
}

BOOST_AUTO_TEST_CASE(a_path_too_long_for_a_socket_of_the_node_is_told) {
  inventory.forwards[1].remote = Endpoint::unix_socket("/run/" + std::string(120, 'x'));
  expect(problem(), "target-refused", "too long for a socket");
}

BOOST_AUTO_TEST_CASE(where_no_command_may_run_labctl_says_that_it_cannot_tell) {
  for (const std::string options : {"ForceCommand=echo hello", "MaxSessions=0"}) {
    use_node({"-o", options});
    expect(problem(), "target-refused", "labctl cannot tell");
  }
}

BOOST_AUTO_TEST_CASE(the_command_of_a_key_is_not_run) {
  const auto trace = bed.folder() / "remote/trace";
  std::filesystem::permissions(trace.parent_path(), std::filesystem::perms::all);
  use_node(login_with("command=\"touch " + trace.string() + "\""));
  expect(problem(), "target-refused", "labctl cannot tell");
  BOOST_TEST(!std::filesystem::exists(trace));
}

BOOST_AUTO_TEST_CASE(a_port_that_another_process_takes_while_the_session_is_lost_is_told) {
  use_node({});
  const Endpoint here{"127.0.0.1", free_port(), {}};
  inventory.forwards.push_back({"web", {"core1"}, here, {"127.0.0.1", bed.consul().address().port, {}}});
  serve();
  up();
  Served others(inventory, {"consul", "docker_core2"});
  kill_node("web");
  {
    const RepeatingServer other(here);
    node->start();
    const auto status = wait_status([](const auto& now) {
      const auto& web = forward(now, "web");
      return web.last_error && web.last_error->cause == "local-in-use";
    });
    BOOST_TEST(forward(status, "web").last_error->where == to_string(here));
    wait_status([](const auto& now) { return forward(now, "docker_core1").state == ForwardState::up; });
  }
  wait_status([](const auto& now) { return now.all_up(); });
  others.check();
}

BOOST_AUTO_TEST_SUITE_END()
