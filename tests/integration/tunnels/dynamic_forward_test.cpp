#include "base/process.hpp"
#include "base/unique_fd.hpp"
#include "deaf_listener.hpp"
#include "repeating_server.hpp"
#include "served.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>

using namespace labctl;
using namespace labctl::test;
using namespace std::string_literals;
using tunnels::ForwardState;
using Direction = inventory::Forward::Direction;
namespace data = boost::unit_test::data;

namespace {

std::string two_bytes(std::uint16_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
}

// The address part of a SOCKS5 request for a name.
std::string by_name(const std::string& name, std::uint16_t port) {
  return "\x03"s + static_cast<char>(name.size()) + name + two_bytes(port);
}

std::string read_exactly(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  const ssize_t count = ::recv(fd, bytes.data(), size, MSG_WAITALL);
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

struct DynamicCase : Case {
  DynamicCase() {
    inventory.forwards.push_back({"socks",
                                  {"core1"},
                                  {"127.0.0.1", free_port(), {}},
                                  {},
                                  inventory::Forward::Kind::other,
                                  Direction::dynamic});
    socks = inventory.forwards.back().local;
  }

  // A connection through the forward; `code` is the reply's.
  UniqueFd open(const std::string& address, int& code) const {
    UniqueFd fd(connect_to(socks));
    const std::string request = "\x05\x01\0\x05\x01\0"s + address;
    ::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL);
    BOOST_TEST(read_exactly(fd.get(), 2) == "\x05\0"s);
    const auto reply = read_exactly(fd.get(), 10);
    code = reply.size() < 2 ? -1 : reply[1];
    return fd;
  }
  int code_of(const std::string& address) const {
    int code = -1;
    open(address, code);
    return code;
  }

  static Result curl(const Endpoint& proxy, const std::string& url, const std::string& how) {
    return run({.argv = {"curl", "--silent", "--show-error", "--noproxy", "", "--max-time", "15", how,
                         to_string(proxy), url}},
               Deadline::in(std::chrono::seconds(20)));
  }
  std::string page(const std::string& url, const std::string& how = "--socks5-hostname") const {
    return curl(socks, url, how).out;
  }

  Endpoint socks;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(dynamic_forwards, DynamicCase)

BOOST_AUTO_TEST_CASE(curl_reaches_servers_behind_the_node) {
  const auto& status = up().status;
  BOOST_TEST((forward(status, "socks").state == ForwardState::up));
  BOOST_TEST((forward(status, "socks").direction == Direction::dynamic));
  BOOST_TEST(forward(status, "socks").remote.empty());
  BOOST_TEST(!forward(status, "socks").rtt_ms);  // nothing behind the node was asked
  const auto port = bed.consul().address().port;
  BOOST_TEST(page(fmt::format("http://127.0.0.1:{}/", port)) == "\"10.0.0.1:8300\"");
  BOOST_TEST(page(fmt::format("http://127.0.0.1:{}/", port), "--socks5") == "\"10.0.0.1:8300\"");
  // Only the node knows this name.
  BOOST_TEST(page(fmt::format("http://behind.lab:{}/", port)) == "\"10.0.0.1:8300\"");
}

BOOST_AUTO_TEST_CASE(the_inventory_s_hosts_are_resolved) {
  inventory.hosts = {{"service.cluster.lab", "core2"}};
  up();
  const auto url = [&](const char* name) {
    return fmt::format("http://{}:{}/", name, bed.consul().address().port);
  };
  BOOST_TEST(page(url("service.cluster.lab")) == "\"10.0.0.1:8300\"");
  BOOST_TEST(page(url("SERVICE.cluster.lab.")) == "\"10.0.0.1:8300\"");
  BOOST_TEST(page(url("other.cluster.lab")).empty());
}

BOOST_AUTO_TEST_CASE(the_installed_ssh_serves_the_same_pages) {
  up();
  const Endpoint theirs{"127.0.0.1", free_port(), {}};
  // -f returns when ssh listens; the command on the node keeps it for as long as it is needed.
  const auto control = (bed.folder() / "ssh.ctl").string();
  const std::vector<std::string> ssh{"ssh",
                                     "-F",
                                     "none",
                                     "-S",
                                     control,
                                     "-i",
                                     bed.key("ed25519").string(),
                                     "-o",
                                     "UserKnownHostsFile=" + (bed.folder() / "known_hosts").string(),
                                     "-p",
                                     std::to_string(inventory.nodes[0].port),
                                     "core@127.0.0.1"};
  auto start = ssh;
  start.insert(start.begin() + 1, {"-f", "-N", "-M", "-D", to_string(theirs)});
  run_checked({.argv = start}, Deadline::in(std::chrono::seconds(20)));
  const auto port = bed.consul().address().port;
  for (const char* host : {"127.0.0.1", "localhost", "behind.lab", "nowhere.invalid"}) {
    for (const auto at : {port, static_cast<std::uint16_t>(1)}) {
      const auto url = fmt::format("http://{}:{}/big/100000", host, at);
      const auto one = curl(socks, url, "--socks5-hostname"), other = curl(theirs, url, "--socks5-hostname");
      BOOST_TEST((one.status == 0) == (other.status == 0), url);
      BOOST_TEST(one.out == other.out, url);
    }
  }
  auto stop = ssh;
  stop.insert(stop.begin() + 1, {"-O", "exit"});
  run_checked({.argv = stop}, Deadline::in(std::chrono::seconds(20)));
}

BOOST_AUTO_TEST_CASE(a_large_transfer_and_a_half_close_come_through) {
  up();
  const RepeatingServer server;
  int code = -1;
  auto fd = open(by_name("localhost", server.address().port), code);
  BOOST_REQUIRE(code == 0);
  const auto bytes = random_bytes(32 << 20);
  BOOST_TEST((exchange(fd.release(), bytes) == bytes));
}

BOOST_AUTO_TEST_CASE(an_ipv6_address_can_be_asked_for) {
  up();
  const RepeatingServer server(Endpoint{"::1", free_port(), {}});
  int code = -1;
  auto fd = open("\x04"s + std::string(15, '\0') + "\x01" + two_bytes(server.address().port), code);
  BOOST_REQUIRE(code == 0);
  BOOST_TEST(exchange(fd.release(), "over IPv6") == "over IPv6");
}

BOOST_AUTO_TEST_CASE(each_failure_has_its_reply_and_the_forward_stays_up) {
  up();
  BOOST_TEST(code_of("\x01\x7f\0\0\x01"s + two_bytes(free_port())) == 5);  // connection refused
  BOOST_TEST(code_of(by_name("no.such.name.invalid", 80)) == 4);           // host unreachable
  BOOST_TEST((forward(*tunnels::status(inventory), "socks").state == ForwardState::up));
  BOOST_TEST(!forward(*tunnels::status(inventory), "socks").connection_error);
}

BOOST_DATA_TEST_CASE(what_sshd_forbids_is_not_allowed,
                     data::make({"AllowTcpForwarding=no", "PermitOpen=none"}), option) {
  use_node({"-o", option});
  inventory.nodes.resize(1);
  inventory.forwards = {inventory.forwards.back()};
  up();
  BOOST_TEST(code_of(by_name("localhost", bed.consul().address().port)) == 2);
  const auto status =
      wait_status([](const auto& now) { return forward(now, "socks").connection_error.has_value(); });
  BOOST_TEST(forward(status, "socks").connection_error->cause == "forwarding-denied");
  BOOST_TEST(forward(status, "socks").connection_error->where == "socks");
}

BOOST_AUTO_TEST_CASE(a_client_of_another_kind_is_told_and_noted) {
  up();
  const UniqueFd client(connect_to(socks));
  ::send(client.get(), "\x04\x01\0\x50\x7f\0\0\x01\0", 9, MSG_NOSIGNAL);
  BOOST_TEST(read_exactly(client.get(), 8) == "\0\x5b\0\0\0\0\0\0"s);
  const auto status =
      wait_status([](const auto& now) { return forward(now, "socks").connection_error.has_value(); });
  BOOST_TEST(forward(status, "socks").connection_error->what == "a client speaks SOCKS4 instead of SOCKS5");
  BOOST_TEST(code_of(by_name("localhost", bed.consul().address().port)) == 0);
  wait_status([](const auto& now) { return !forward(now, "socks").connection_error; });
}

BOOST_AUTO_TEST_CASE(a_unix_socket_can_be_the_local_end) {
  socks = inventory.forwards.back().local = Endpoint::unix_socket((bed.runtime() / "socks.sock").string());
  up();
  struct stat found {};
  BOOST_REQUIRE(::lstat(socks.path.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777) == 0600u);
  BOOST_TEST(code_of(by_name("localhost", bed.consul().address().port)) == 0);
}

BOOST_AUTO_TEST_CASE(a_target_that_does_not_answer_holds_nobody_else) {
  // A listener with a full queue: the kernel drops further SYNs, so that sshd waits.
  const DeafListener deaf(0);
  const Endpoint at{"127.0.0.1", deaf.port, {}};
  const UniqueFd first(connect_to(at));
  up();
  Served others(inventory, {"consul", "docker_core1", "docker_core2"});
  std::vector<UniqueFd> stuck;
  const std::string request = "\x05\x01\0\x05\x01\0\x01\x7f\0\0\x01"s + two_bytes(at.port);
  for (int i = 0; i < 3; ++i) {
    stuck.emplace_back(connect_to(socks));
    ::send(stuck.back().get(), request.data(), request.size(), MSG_NOSIGNAL);
    BOOST_TEST(read_exactly(stuck.back().get(), 2) == "\x05\0"s);
  }
  for (int i = 0; i < 10; ++i) {
    BOOST_REQUIRE(code_of("\x01\x7f\0\0\x01"s + two_bytes(bed.consul().address().port)) == 0);
  }
  others.check();
  BOOST_TEST(read_exactly(stuck.front().get(), 10).substr(0, 2) ==
             "\x05\x04");  // host unreachable, in the end
}

BOOST_AUTO_TEST_CASE(it_is_back_after_the_node_s_sshd_was_restarted) {
  use_node({});
  up();
  Served others(inventory, {"docker_core2"});
  kill_node("socks");
  BOOST_TEST(connect_to(socks) == -ECONNREFUSED);
  start_node("socks");
  BOOST_TEST(code_of(by_name("localhost", bed.consul().address().port)) == 0);
  others.check();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(local_forwards, Case)

BOOST_DATA_TEST_CASE(each_pair_of_kinds_of_ends_carries_bytes_both_ways,
                     data::make({false, true}) * data::make({false, true}), local_unix, remote_unix) {
  const auto path = [&](const char* name) { return Endpoint::unix_socket((bed.folder() / name).string()); };
  const RepeatingServer server(remote_unix ? path("remote/end.sock")
                                           : Endpoint{"127.0.0.1", free_port(), {}});
  if (remote_unix) ::chmod(server.address().path.c_str(), 0666);
  const Endpoint local = local_unix ? path("run/end.sock") : Endpoint{"127.0.0.1", free_port(), {}};
  inventory.forwards.push_back({"pair", {"core1"}, local, server.address()});
  up();
  const auto bytes = random_bytes(8 << 20);
  BOOST_TEST((exchange(connect_to(local), bytes) == bytes));
}

BOOST_AUTO_TEST_SUITE_END()
