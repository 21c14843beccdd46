#include "base/process.hpp"
#include "repeating_server.hpp"
#include "served.hpp"
#include "support/unix_listener.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <fmt/format.h>
#include <sys/socket.h>

#include <cerrno>
#include <future>
#include <optional>
#include <thread>

using namespace labctl;
using namespace labctl::test;
using tunnels::ForwardState;
using Direction = inventory::Forward::Direction;
namespace data = boost::unit_test::data;

namespace {

struct RemoteCase : Case {
  // The node listens at `listen`; this machine connects to `to`.
  void add(const Endpoint& to, const std::string& name = "back") {
    inventory.forwards.push_back(
        {name, {"core1"}, to, listen, inventory::Forward::Kind::other, Direction::remote});
  }

  // Whether the installed ssh gets the same forward.
  bool ssh_listens() const {
    return run({.argv = {"ssh", "-F", "none", "-i", bed.key("ed25519").string(), "-o", "IdentitiesOnly=yes",
                         "-o", "UserKnownHostsFile=" + (bed.folder() / "known_hosts").string(), "-o",
                         "ExitOnForwardFailure=yes", "-o", "BatchMode=yes", "-p",
                         std::to_string(inventory.nodes[0].port), "-R", to_string(listen) + ":127.0.0.1:1",
                         "core@127.0.0.1", "true"}},
               Deadline::in(std::chrono::seconds(20)))
               .status == 0;
  }

  // An address of the node, which is this machine's network too.
  Endpoint listen{"127.0.0.1", free_port(), {}};
};

void wait_until_refused(const Endpoint& end) {
  const auto deadline = Deadline::in(std::chrono::seconds(10));
  for (int fd = 0; (fd = connect_to(end)) != -ECONNREFUSED;) {
    if (fd >= 0) ::close(fd);
    BOOST_REQUIRE(!deadline.passed());
    std::this_thread::yield();
  }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(remote_forwards, RemoteCase)

BOOST_AUTO_TEST_CASE(the_node_s_clients_reach_a_tcp_server_here) {
  const RepeatingServer server;
  add(server.address());
  const auto report = up();
  const auto& status = forward(report.status, "back");
  BOOST_TEST((status.state == ForwardState::up));
  BOOST_TEST((status.direction == Direction::remote));
  const auto bytes = random_bytes(32 << 20);
  BOOST_TEST((exchange(connect_to(listen), bytes) == bytes));
  const auto after = wait_status([](const auto& now) { return forward(now, "back").connections == 0; });
  BOOST_TEST(forward(after, "back").bytes_in == bytes.size());
  BOOST_TEST(forward(after, "back").bytes_out == bytes.size());
}

BOOST_AUTO_TEST_CASE(and_a_unix_socket_here) {
  const RepeatingServer server(Endpoint::unix_socket((bed.folder() / "here.sock").string()));
  add(server.address());
  up();
  const auto bytes = random_bytes(8 << 20);
  BOOST_TEST((exchange(connect_to(listen), bytes) == bytes));
}

BOOST_AUTO_TEST_CASE(localhost_is_any_loopback_address_here) {
  const RepeatingServer server(Endpoint{"::1", free_port(), {}});
  add({"localhost", server.address().port, {}});
  up();
  BOOST_TEST(exchange(connect_to(listen), "over IPv6") == "over IPv6");
}

BOOST_AUTO_TEST_CASE(many_clients_at_once_are_all_served) {
  const RepeatingServer server;
  add(server.address());
  up();
  std::vector<std::future<bool>> clients;
  for (std::size_t i = 0; i < 8; ++i) {
    clients.push_back(std::async(std::launch::async, [&, i] {
      for (std::size_t n = 0; n < 25; ++n) {
        const auto bytes = random_bytes(1000 * i + n + 1);
        if (exchange(connect_to(listen), bytes) != bytes) return false;
      }
      return true;
    }));
  }
  for (auto& client : clients) BOOST_TEST(client.get());
  const auto status = wait_status([](const auto& now) { return forward(now, "back").connections == 0; });
  BOOST_TEST(forward(status, "back").accepted == 200u);
}

BOOST_AUTO_TEST_CASE(down_and_restart_end_listening_on_the_node) {
  const RepeatingServer server;
  add(server.address());
  up();
  tunnels::restart(inventory, {"back"});
  BOOST_TEST(exchange(connect_to(listen), "again") == "again");
  tunnels::restart(inventory, {});
  BOOST_TEST(exchange(connect_to(listen), "and again") == "and again");
  tunnels::down(inventory);
  wait_until_refused(listen);
}

BOOST_AUTO_TEST_CASE(it_is_back_after_the_node_s_sshd_was_restarted) {
  use_node({});
  const RepeatingServer server;
  add(server.address());
  up();
  Served others(inventory, {"docker_core2"});
  kill_node("back");
  BOOST_TEST(connect_to(listen) == -ECONNREFUSED);
  start_node("back");
  BOOST_TEST(exchange(connect_to(listen), "back") == "back");
  others.check();
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_on_the_node_is_told) {
  const RepeatingServer other(listen);
  add({"127.0.0.1", 1, {}});
  BOOST_TEST(!ssh_listens());
  const auto one = problem();
  BOOST_TEST(one.cause == "listen-failed");
  BOOST_TEST(one.where == "back");
  BOOST_TEST(one.line().find("sshd cannot listen at " + to_string(listen) +
                             ": another process of the node accepts connections there") != std::string::npos,
             one.line());
}

BOOST_AUTO_TEST_CASE(a_port_that_becomes_free_is_used) {
  use_node({});
  const RepeatingServer server;
  add(server.address());
  up();
  Served others(inventory, {"docker_core2"});
  kill_node("back");
  std::optional<RepeatingServer> other(std::in_place, listen);
  node->start();
  const auto status = wait_status([](const auto& now) {
    const auto& error = forward(now, "back").last_error;
    return error && error->cause == "listen-failed";
  });
  BOOST_TEST((forward(status, "docker_core1").state == ForwardState::up));
  other.reset();
  wait_status([](const auto& now) { return forward(now, "back").state == ForwardState::up; });
  BOOST_TEST(exchange(connect_to(listen), "free") == "free");
  others.check();
}

BOOST_DATA_TEST_CASE(sshd_s_rules_are_told_as_such,
                     data::make({"AllowTcpForwarding=local", "AllowTcpForwarding=no", "DisableForwarding=yes",
                                 "PermitListen=127.0.0.1:1"}) ^
                         data::make({"sshd forbids remote forwards", "sshd forbids remote forwards",
                                     "sshd forbids remote forwards", "sshd forbids to listen at"}),
                     option, words) {
  use_node({"-o", option});
  inventory.nodes.resize(1);
  inventory.forwards.clear();
  add({"127.0.0.1", 1, {}});
  BOOST_TEST(!ssh_listens());
  const auto one = problem();
  BOOST_TEST(one.cause == "forwarding-denied");
  BOOST_TEST(one.line().find(words) != std::string::npos, one.line());
}

BOOST_DATA_TEST_CASE(sshd_s_rules_that_allow_it_are_no_hindrance,
                     data::make({"AllowTcpForwarding=remote", "PermitListen=localhost:*",
                                 "GatewayPorts=clientspecified", "PermitOpen=none"}),
                     option) {
  use_node({"-o", option});
  inventory.nodes.resize(1);
  inventory.forwards.clear();
  if (std::string(option).starts_with("PermitListen")) listen.host = "localhost";
  const RepeatingServer server;
  add(server.address());
  BOOST_TEST(ssh_listens());
  up();
  BOOST_TEST(exchange(connect_to({"127.0.0.1", listen.port, {}}), "allowed") == "allowed");
}

BOOST_AUTO_TEST_CASE(sshd_that_would_listen_for_other_machines_is_told_to_stop) {
  use_node({"-o", "GatewayPorts=yes"});
  add({"127.0.0.1", 1, {}});
  const auto one = problem();
  BOOST_TEST(one.cause == "listen-public");
  BOOST_TEST(one.line().find("GatewayPorts yes") != std::string::npos, one.line());
  wait_until_refused(listen);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_there_yet_is_the_connection_s_trouble) {
  const Endpoint to{"127.0.0.1", free_port(), {}};
  add(to);
  BOOST_TEST((forward(up().status, "back").state == ForwardState::up));
  BOOST_TEST(exchange(connect_to(listen), "nobody") != "nobody");
  const auto status =
      wait_status([](const auto& now) { return forward(now, "back").connection_error.has_value(); });
  BOOST_TEST((forward(status, "back").state == ForwardState::up));
  BOOST_TEST(forward(status, "back").connection_error->cause == "target-refused");
  const RepeatingServer server(to);
  BOOST_TEST(exchange(connect_to(listen), "somebody") == "somebody");
  wait_status([](const auto& now) { return !forward(now, "back").connection_error; });
}

BOOST_AUTO_TEST_CASE(a_server_that_takes_no_connections_holds_nobody_else) {
  // A unix socket with a full queue: its clients wait.
  const auto path = (bed.folder() / "deaf.sock").string();
  const UniqueFd deaf = listen_at(path, 0);
  const UniqueFd first(connect_to(Endpoint::unix_socket(path)));
  add(Endpoint::unix_socket(path), "deaf");
  const Endpoint held = listen;
  const RepeatingServer server;
  listen = {"127.0.0.1", free_port(), {}};
  add(server.address());
  up();
  Served others(inventory, {"consul", "docker_core1", "docker_core2"});
  std::vector<UniqueFd> stuck;
  for (int i = 0; i < 20; ++i) stuck.emplace_back(connect_to(held));
  for (int i = 0; i < 20; ++i) BOOST_REQUIRE(exchange(connect_to(listen), "served") == "served");
  others.check();
  std::filesystem::remove(path);
}

BOOST_AUTO_TEST_SUITE_END()
