#include "base/connect.hpp"

#include "../../support/temp_dir.hpp"
#include "base/unique_fd.hpp"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <vector>

using namespace labctl;

namespace {

const auto soon = Deadline::in(std::chrono::seconds(10));

// A socket with its own port, on which no process listens until the test calls listen().
struct Port {
  UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::uint16_t number = 0;

  Port() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    socklen_t size = sizeof address;
    BOOST_REQUIRE(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    number = ntohs(address.sin_port);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(connect_to_see_who_listens)

BOOST_AUTO_TEST_CASE(a_port_that_nobody_listens_on_refuses) {
  const Port port;
  BOOST_TEST((connect_tcp("127.0.0.1", port.number, soon) == ECONNREFUSED));
}

BOOST_AUTO_TEST_CASE(a_port_with_a_listener_accepts) {
  const Port port;
  BOOST_REQUIRE(::listen(port.socket.get(), 1) == 0);
  BOOST_TEST((connect_tcp("127.0.0.1", port.number, soon) == 0));
}

// The queue of connections that wait to be accepted is full: the kernel drops new ones, and connect(2) would
// wait for two minutes.
BOOST_AUTO_TEST_CASE(a_port_that_says_nothing_at_all_keeps_us_until_the_deadline_only) {
  const Port port;
  BOOST_REQUIRE(::listen(port.socket.get(), 0) == 0);
  std::vector<UniqueFd> waiting;
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(port.socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  for (int i = 0; i < 3; ++i) {
    waiting.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    static_cast<void>(::connect(waiting.back().get(), reinterpret_cast<const sockaddr*>(&address), size));
  }
  BOOST_TEST(
      (connect_tcp("127.0.0.1", port.number, Deadline::in(std::chrono::milliseconds(50))) == ETIMEDOUT));
}

BOOST_AUTO_TEST_CASE(a_name_that_does_not_resolve_is_neither) {
  BOOST_TEST(!connect_tcp("no such name", 1, soon).has_value());
}

BOOST_AUTO_TEST_CASE(a_unix_socket_tells_missing_refused_and_accepted_apart) {
  const test::TempDir dir;
  const auto path = dir.path() / "s";
  BOOST_TEST(connect_unix(path, soon) == ENOENT);
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  BOOST_REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  BOOST_TEST(connect_unix(path, soon) == ECONNREFUSED);
  BOOST_REQUIRE(::listen(socket.get(), 1) == 0);
  BOOST_TEST(connect_unix(path, soon) == 0);
}

BOOST_AUTO_TEST_CASE(a_path_that_no_socket_can_have_is_told) {
  BOOST_TEST(connect_unix(std::string(200, 'x'), soon) == ENAMETOOLONG);
}

BOOST_AUTO_TEST_SUITE_END()
