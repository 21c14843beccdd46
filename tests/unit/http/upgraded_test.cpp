#include "http/upgraded.hpp"

#include "base/error.hpp"
#include "http/stop.hpp"
#include "support/fake_server.hpp"
#include "support/soon.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace std::chrono_literals;
using http::Upgraded;
using labctl::test::FakeConnection;
using labctl::test::FakeRequest;
using labctl::test::FakeServer;
using labctl::test::soon;

namespace {

constexpr std::string_view switching = "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n";

Upgraded begin(const FakeServer& server, Deadline deadline = soon()) {
  return {server.address(), {"POST", "/start", {{"Content-Type", "text/plain"}}, "body"}, "tcp", deadline};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_upgraded)

BOOST_AUTO_TEST_CASE(after_the_upgrade_bytes_go_both_ways) {
  FakeRequest asked;
  const FakeServer server([&](const FakeRequest& request, const FakeConnection& connection) {
    asked = request;
    connection.write(std::string(switching) + "early ");
    connection.write("you said " + connection.read_line());
    return false;
  });
  auto stream = begin(server);
  BOOST_TEST(stream.reply().status == 101);
  BOOST_TEST(asked.method == "POST");
  BOOST_TEST(asked.body == "body");
  BOOST_TEST(asked.head.find("Upgrade: tcp\r\n") != std::string::npos);
  stream.write("hello\n", soon());
  std::string all;
  for (auto more = stream.read(soon()); !more.empty(); more = stream.read(soon())) all += more;
  BOOST_TEST(all == "early you said hello");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_the_reply_with_its_body) {
  const FakeServer server([](const FakeRequest&, const FakeConnection& connection) {
    connection.reply(404, "no such thing");
    return true;
  });
  const auto stream = begin(server);
  BOOST_TEST(stream.reply().status == 404);
  BOOST_TEST(stream.reply().body == "no such thing");
}

BOOST_AUTO_TEST_CASE(quiet_ends_with_what_the_peer_does) {
  const FakeServer server([](const FakeRequest&, const FakeConnection& connection) {
    connection.write(switching);
    connection.write("got " + connection.read_line());
    connection.read_line();
    return false;
  });
  auto stream = begin(server);
  BOOST_TEST(stream.quiet());
  stream.write("one\n", soon());
  BOOST_TEST(!stream.read(soon()).empty());
  BOOST_TEST(stream.quiet());
  stream.write("two\n", soon());
  BOOST_TEST(stream.read(soon()).empty());
  BOOST_TEST(!stream.quiet());
}

BOOST_AUTO_TEST_CASE(a_server_that_is_away_silent_or_gone_is_told_apart) {
  const auto nobody = Endpoint::unix_socket("/nonexistent/socket");
  BOOST_CHECK_EXCEPTION(Upgraded(nobody, {}, "tcp", soon()), Error,
                        [](const Error& e) { return e.kind() == Kind::unreachable; });
  const FakeServer silent([](const FakeRequest&, const FakeConnection& connection) {
    connection.wait_closed();
    return false;
  });
  BOOST_CHECK_EXCEPTION(begin(silent, Deadline::in(50ms)), Error,
                        [](const Error& e) { return e.kind() == Kind::timeout; });
  const FakeServer gone([](const FakeRequest&, const FakeConnection&) { return false; });
  BOOST_CHECK_EXCEPTION(begin(gone), Error, [](const Error& e) { return e.kind() == Kind::unreachable; });
}

BOOST_AUTO_TEST_CASE(a_wait_ends_when_its_scope_is_stopped) {
  const FakeServer server([](const FakeRequest&, const FakeConnection& connection) {
    connection.write(switching);
    connection.wait_closed();
    return false;
  });
  std::stop_source stop;
  const http::StopScope scope(stop.get_token());
  auto stream = begin(server);
  std::jthread stopper([&] { stop.request_stop(); });
  BOOST_CHECK_EXCEPTION(stream.read(Deadline::in(1min)), Error,
                        [](const Error& e) { return e.kind() == Kind::interrupted; });
}

BOOST_AUTO_TEST_SUITE_END()
