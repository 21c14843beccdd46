#include "base/paths.hpp"
#include "deaf_listener.hpp"
#include "delayed_port.hpp"
#include "repeating_server.hpp"
#include "served.hpp"

#include <arpa/inet.h>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <future>
#include <optional>
#include <thread>

using namespace labctl;
using namespace labctl::test;
using namespace std::chrono_literals;

namespace {

std::size_t body_size(const Answer& answer) {
  const auto head = answer.text.find("\r\n\r\n");
  return head == std::string::npos ? 0 : answer.text.size() - head - 4;
}

// A server that reads until the client's EOF and only then answers, with the number of bytes that it
// received.
class CountingServer {
public:
  CountingServer() : port(listener_.port) {
    thread_ = std::thread([this] {
      while (true) {
        const UniqueFd client(::accept4(listener_.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!client) return;
        std::size_t total = 0;
        std::vector<char> buffer(65536);
        for (ssize_t count; (count = ::recv(client.get(), buffer.data(), buffer.size(), 0)) > 0;) {
          total += static_cast<std::size_t>(count);
        }
        const std::string text = std::to_string(total);
        ::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL);
      }
    });
  }
  ~CountingServer() {
    ::shutdown(listener_.fd.get(), SHUT_RDWR);
    thread_.join();
  }

private:
  DeafListener listener_{8};

public:
  std::uint16_t port;

private:
  std::thread thread_;
};

// A name server for the node: every name is 127.0.0.1, until it falls silent (RFC 1035, section 4).
class NameServer {
public:
  static constexpr auto address = "127.0.53.53";

  NameServer() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_port = htons(53);
    ::inet_pton(AF_INET, address, &here.sin_addr);
    BOOST_REQUIRE(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~NameServer() {
    ::shutdown(fd_.get(), SHUT_RDWR);
    thread_.join();
  }

  // Ready at the first question that gets no answer.
  std::future<void> fall_silent() {
    silent_ = true;
    return unanswered_.get_future();
  }

private:
  void serve() {
    bool told = false;
    std::string packet(512, '\0');
    sockaddr_in client{};
    for (socklen_t size = sizeof client;; size = sizeof client) {
      const auto count =
          ::recvfrom(fd_.get(), packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&client), &size);
      if (count < 12) return;  // shut down
      if (silent_) {
        if (!told) unanswered_.set_value();
        told = true;
        continue;
      }
      const auto end = packet.find('\0', 12) + 5;  // behind name, type and class
      std::string answer = packet.substr(0, end);
      const bool has_address = answer[end - 3] == 1;  // type A
      answer.replace(2, 10,
                     std::string("\x81\x80\0\1\0", 5) + (has_address ? '\1' : '\0') + std::string(4, '\0'));
      if (has_address) answer += std::string("\xc0\x0c\0\1\0\1\0\0\0\0\0\4\x7f\0\0\1", 16);
      ::sendto(fd_.get(), answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&client), size);
    }
  }

  UniqueFd fd_;
  std::atomic<bool> silent_ = false;
  std::promise<void> unanswered_;
  std::thread thread_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(streams, Case)

BOOST_AUTO_TEST_CASE(many_bytes_come_through_whole_and_are_counted) {
  up();
  const std::size_t size = 64 * 1024 * 1024;
  BOOST_TEST(body_size(get(docker1(*this), "/big/" + std::to_string(size))) == size);
  const auto status =
      wait_status([](const auto& now) { return forward(now, "docker_core1").connections == 0; });
  BOOST_TEST(forward(status, "docker_core1").bytes_in >= size);
  BOOST_TEST(forward(status, "docker_core1").accepted == 1u);
}

// Enough bytes for the receive window to grow to its limit, both ways.
BOOST_AUTO_TEST_CASE(all_bytes_come_through_from_a_node_that_is_far_away) {
  const DelayedPort far(bed.node(1).port(), 20ms);
  bed.trust(far.port());
  inventory.nodes[0].port = far.port();
  const RepeatingServer server;
  inventory.forwards.push_back({"far", {"core1"}, {"127.0.0.1", free_port(), {}}, server.address()});
  up();
  const auto bytes = random_bytes(64 << 20);
  BOOST_TEST((exchange(connect_to(inventory.forwards.back().local), bytes) == bytes));
}

BOOST_AUTO_TEST_CASE(a_half_close_is_passed_on) {
  const CountingServer server;
  inventory.forwards.push_back({"count",
                                {"core1"},
                                {.host = "127.0.0.1", .port = free_port(), .path = {}},
                                {.host = "127.0.0.1", .port = server.port, .path = {}}});
  up();
  const UniqueFd client(connect_to(inventory.forwards.back().local));
  BOOST_REQUIRE(client.get() >= 0);
  const std::string block(1000, 'y');
  for (int i = 0; i < 5000; ++i)
    BOOST_REQUIRE(::send(client.get(), block.data(), block.size(), MSG_NOSIGNAL) == 1000);
  ::shutdown(client.get(), SHUT_WR);
  char text[32]{};
  BOOST_TEST(::recv(client.get(), text, sizeof text, MSG_WAITALL) > 0);
  BOOST_TEST(std::string(text) == "5000000");
}

BOOST_AUTO_TEST_CASE(a_slow_reader_stops_only_its_own_channel) {
  up();
  Served others(inventory, {"docker_core2"});
  const UniqueFd slow(connect_to(docker1(*this)));
  const std::string request = "GET /big/200000000 HTTP/1.0\r\n\r\n";
  ::send(slow.get(), request.data(), request.size(), MSG_NOSIGNAL);
  // Wait until no more bytes flow: window and buffers are full, because the client does not read.
  std::uint64_t before = 0;
  wait_status([&](const auto& now) {
    const auto bytes = forward(now, "docker_core1").bytes_in;
    const bool stands = bytes > 0 && bytes == before;
    before = bytes;
    return stands;
  });
  // Other connections through the same session continue, also of the same forward. (They would count above.)
  Served same(inventory, {"docker_core1"});
  BOOST_TEST(body_size(get(consul(*this), "/big/30000000")) == 30000000u);
  same.check();
  others.check();
  // The slow client gets everything when it reads again.
  std::size_t total = 0;
  std::vector<char> buffer(1 << 20);
  for (ssize_t count; (count = ::recv(slow.get(), buffer.data(), buffer.size(), 0)) > 0;) {
    total += static_cast<std::size_t>(count);
  }
  BOOST_TEST(total > 200000000u);
}

BOOST_AUTO_TEST_CASE(many_connections_at_once_are_all_served) {
  up();
  std::vector<std::thread> clients;
  std::atomic<int> well{0};
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      for (int n = 0; n < 50; ++n) {
        const auto answer = get(i % 2 == 0 ? docker1(*this) : consul(*this), "/_ping");
        if (answer.text.starts_with("HTTP/1.1 200")) ++well;
      }
    });
  }
  for (auto& client : clients) client.join();
  BOOST_TEST(well == 400);
  const auto status =
      wait_status([](const auto& now) { return forward(now, "docker_core1").connections == 0; });
  BOOST_TEST(forward(status, "docker_core1").accepted == 200u);
}

BOOST_AUTO_TEST_CASE(many_connections_may_stay_open) {
  std::optional<DeafListener> listener(512);  // accepts all connections into its backlog, and sends nothing
  inventory.forwards.push_back({"many",
                                {"core1"},
                                {.host = "127.0.0.1", .port = free_port(), .path = {}},
                                {.host = "127.0.0.1", .port = listener->port, .path = {}}});
  up();
  std::vector<UniqueFd> clients;
  for (int i = 0; i < 300; ++i) clients.emplace_back(connect_to(inventory.forwards.back().local));
  wait_status([](const auto& now) { return forward(now, "many").connections == 300; });
  BOOST_TEST(get(docker1(*this), "/_ping").text.ends_with("OK"));
  // A client that has closed its end may still expect an answer. When the remote end has closed too, the
  // connection ends.
  clients.clear();
  listener.reset();
  wait_status([](const auto& now) { return forward(now, "many").connections == 0; });
}

BOOST_AUTO_TEST_CASE(a_remote_end_that_is_gone_ends_the_connection_at_once) {
  const std::string path = bed.folder() / "remote/gone.sock";
  auto server = std::make_unique<FakeServer>(
      [](const FakeRequest&, const FakeConnection& connection) {
        connection.reply(200, "OK");
        return false;
      },
      path);
  std::filesystem::permissions(path, std::filesystem::perms::all);
  inventory.forwards[1].remote.path = path;
  up();
  Served others(inventory, {"consul", "docker_core2"});
  server.reset();
  BOOST_TEST(get(docker1(*this), "/_ping").text.empty());
  const auto status = wait_status(
      [](const auto& now) { return forward(now, "docker_core1").state == tunnels::ForwardState::down; });
  BOOST_TEST(forward(status, "docker_core1").last_error->cause == "target-refused");
  BOOST_TEST(std::filesystem::is_socket(docker1(*this).path));  // the tunnel works, the engine does not
  std::filesystem::remove(path);
  others.check();
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_blocks_nobody) {
  up();
  Served others(inventory, {"consul", "docker_core1", "docker_core2"});
  std::vector<UniqueFd> hanging;
  for (int i = 0; i < 20; ++i) {
    hanging.emplace_back(connect_to(docker1(*this)));
    const std::string request = "GET /hang HTTP/1.0\r\n\r\n";
    ::send(hanging.back().get(), request.data(), request.size(), MSG_NOSIGNAL);
  }
  others.check();
}

BOOST_AUTO_TEST_CASE(a_remote_end_that_does_not_take_connections_blocks_nobody) {
  // A listener with a full backlog: the kernel drops further SYNs, so that sshd waits.
  const DeafListener deaf(1);
  inventory.forwards.push_back({"deaf",
                                {"core1"},
                                {.host = "127.0.0.1", .port = free_port(), .path = {}},
                                {.host = "127.0.0.1", .port = deaf.port, .path = {}}});
  up();
  Served others(inventory, {"consul", "docker_core1", "docker_core2"});
  std::vector<UniqueFd> fill;
  for (int i = 0; i < 4; ++i) {
    fill.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    static_cast<void>(
        ::connect(fill.back().get(), reinterpret_cast<const sockaddr*>(&deaf.address), sizeof deaf.address));
  }
  // More than wait for sshd's answer at the same time.
  constexpr std::size_t many = 80;
  std::vector<UniqueFd> stuck;
  for (std::size_t i = 0; i < many; ++i) stuck.emplace_back(connect_to(inventory.forwards.back().local));
  const auto all_are_stuck = [](const auto& now) { return forward(now, "deaf").connections == many; };
  wait_status(all_are_stuck);
  others.check();
  BOOST_TEST(all_are_stuck(*tunnels::status(inventory)));  // they were, all the while
}

BOOST_AUTO_TEST_CASE(a_name_that_the_node_looks_up_for_long_blocks_nobody) {
  NameServer names;
  const auto resolver = bed.folder() / "resolv.conf";
  std::ofstream(resolver) << "nameserver " << NameServer::address << "\noptions timeout:9 attempts:1\n";
  const SshNode node(bed.folder(), free_port());
  std::filesystem::remove(resolver);
  bed.trust(node.port());
  inventory.nodes[0].port = node.port();
  const CountingServer server;
  inventory.forwards.push_back({"named",
                                {"core1"},
                                {.host = "127.0.0.1", .port = free_port(), .path = {}},
                                {.host = "db.example", .port = server.port, .path = {}}});
  up();
  Served others(inventory, {"consul", "docker_core1", "docker_core2"});
  auto unanswered = names.fall_silent();
  const UniqueFd stuck(connect_to(inventory.forwards.back().local));
  BOOST_REQUIRE((unanswered.wait_for(20s) == std::future_status::ready));  // sshd waits from now on
  others.check();
  BOOST_TEST(forward(*tunnels::status(inventory), "named").connections == 1u);  // it waited all the while
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rekeying)

// Uses an sshd that accepts only this cipher and requests new keys after every MiB.
void carry_both_ways(const std::string& cipher) {
  auto& bed = Testbed::get();
  const SshNode node(bed.folder(), free_port(), {"-o", "RekeyLimit=1M", "-o", "Ciphers=" + cipher});
  Case test;
  test.inventory.nodes.resize(1);
  test.inventory.nodes[0].port = node.port();
  test.inventory.forwards.resize(2);
  test.inventory.forwards[0].via = {"core1"};
  bed.trust(node.port());
  const CountingServer server;
  test.inventory.forwards.push_back({"count",
                                     {"core1"},
                                     {.host = "127.0.0.1", .port = free_port(), .path = {}},
                                     {.host = "127.0.0.1", .port = server.port, .path = {}}});
  test.up();
  const std::size_t size = 20'000'000;
  BOOST_TEST(body_size(get(test.inventory.forwards[1].local, "/big/" + std::to_string(size))) == size);
  const UniqueFd client(connect_to(test.inventory.forwards[2].local));
  const std::string block(100'000, 'z');
  for (int i = 0; i < 100; ++i) {
    std::size_t sent = 0;
    while (sent < block.size()) {
      const ssize_t count = ::send(client.get(), block.data() + sent, block.size() - sent, MSG_NOSIGNAL);
      BOOST_REQUIRE(count > 0);
      sent += static_cast<std::size_t>(count);
    }
  }
  ::shutdown(client.get(), SHUT_WR);
  char text[32]{};
  BOOST_TEST(::recv(client.get(), text, sizeof text, MSG_WAITALL) > 0);
  BOOST_TEST(std::string(text) == "10000000");
  tunnels::down(test.inventory);
}

BOOST_DATA_TEST_CASE(a_stream_survives_new_keys_in_both_directions,
                     boost::unit_test::data::make({"chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com",
                                                   "aes256-gcm@openssh.com", "aes128-ctr"}),
                     cipher) {
  carry_both_ways(cipher);
}

BOOST_AUTO_TEST_SUITE_END()
