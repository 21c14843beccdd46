#include "http/client.hpp"

#include "http/stop.hpp"
#include "support/error_of.hpp"
#include "support/fake_server.hpp"
#include "support/soon.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>

#include <future>
#include <optional>
#include <thread>

using namespace labctl;
using namespace std::chrono_literals;
using labctl::test::soon;
using test::error_of;
using test::FakeConnection;
using test::FakeRequest;
using test::FakeServer;

BOOST_AUTO_TEST_SUITE(http_client)

BOOST_AUTO_TEST_CASE(a_request_carries_its_method_target_headers_and_body) {
  FakeRequest seen;
  FakeServer server([&](const FakeRequest& request, const FakeConnection& connection) {
    seen = request;
    connection.reply(201, "made", "X-Consul-Index: 7\r\n");
    return true;
  });
  http::Client client(server.address());
  const auto response = client.send({"PUT", "/v1/kv/app/a.b?x=1", {{"X-Mine", "yes"}}, "{\"a\": 1}"}, soon());
  BOOST_TEST(response.status == 201);
  BOOST_TEST(response.body == "made");
  BOOST_TEST(response.headers.at("x-consul-index") == "7");
  BOOST_TEST(seen.method == "PUT");
  BOOST_TEST(seen.target == "/v1/kv/app/a.b?x=1");
  BOOST_TEST(seen.body == "{\"a\": 1}");
  BOOST_TEST(seen.head.find("X-Mine: yes\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_put_without_a_body_says_that_its_length_is_zero) {
  FakeRequest seen;
  FakeServer server([&](const FakeRequest& request, const FakeConnection& connection) {
    seen = request;
    connection.reply(200, "");
    return true;
  });
  http::Client(server.address()).send({"PUT", "/", {}, {}}, soon());
  BOOST_TEST(seen.head.find("Content-Length: 0\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(requests_share_one_connection) {
  FakeServer server([](const FakeRequest& request, const FakeConnection& connection) {
    connection.reply(200, request.target);
    return true;
  });
  http::Client client(server.address());
  BOOST_TEST(client.send({"GET", "/1", {}, {}}, soon()).body == "/1");
  BOOST_TEST(client.send({"POST", "/2", {}, "x"}, soon()).body == "/2");
  BOOST_TEST(client.send({"GET", "/3", {}, {}}, soon()).body == "/3");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(a_connection_is_not_for_programs_that_are_started) {
  FakeServer server([&](const FakeRequest&, const FakeConnection& connection) {
    connection.reply(200, "");
    return true;
  });
  http::Client client(server.address());
  client.send({}, soon());
  int connections = 0;
  for (int fd = 0; fd < 1024; ++fd) {
    sockaddr_in peer{};
    socklen_t size = sizeof(peer);
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0 || peer.sin_family != AF_INET ||
        ntohs(peer.sin_port) != server.address().port)
      continue;
    ++connections;
    BOOST_TEST((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
  }
  BOOST_TEST(connections == 1);
}

BOOST_AUTO_TEST_CASE(a_connection_closed_between_requests_is_replaced) {
  FakeServer server([](const FakeRequest&, const FakeConnection& connection) {
    connection.reply(200, "ok");
    return false;
  });
  http::Client client(server.address());
  BOOST_TEST(client.send({}, soon()).body == "ok");
  BOOST_TEST(client.send({}, soon()).body == "ok");
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(any_status_is_a_response) {
  FakeServer server([](const FakeRequest&, const FakeConnection& connection) {
    connection.reply(500, "No cluster leader");
    return true;
  });
  const auto response = http::Client(server.address()).send({}, soon());
  BOOST_TEST(response.status == 500);
  BOOST_TEST(!response.ok());
  BOOST_TEST(response.body == "No cluster leader");
}

BOOST_AUTO_TEST_CASE(a_unix_socket_is_spoken_to_by_its_path) {
  test::TempDir dir;
  const std::string path = dir.path() / "s.sock";
  FakeServer server(
      [](const FakeRequest&, const FakeConnection& connection) {
        connection.reply(200, "over unix");
        return true;
      },
      path);
  http::Client client(server.address());
  BOOST_TEST(client.send({}, soon()).body == "over unix");
  BOOST_TEST(client.server().display() == "unix:" + path);
}

BOOST_AUTO_TEST_CASE(a_name_is_connected_to_at_the_given_address_without_any_resolver) {
  std::string head;
  FakeServer server([&](const FakeRequest& request, const FakeConnection& connection) {
    head = request.head;
    connection.reply(200, "here");
    return true;
  });
  http::Server named(server.address(), "service.cluster.lab");
  BOOST_TEST(http::Client(named).send({}, soon()).body == "here");
  BOOST_TEST(head.find("Host: service.cluster.lab") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refused_connection_is_unreachable_and_names_the_server) {
  std::uint16_t port;
  {
    FakeServer closed([](const FakeRequest&, const FakeConnection&) { return false; });
    port = closed.address().port;
  }
  const Endpoint server{"127.0.0.1", port, {}};
  const auto error = error_of([&] { http::Client(server).send({}, soon()); });
  BOOST_TEST((error.kind() == Kind::unreachable));
  BOOST_TEST(error.where() == http::Server(server).display());
  BOOST_TEST(std::string(error.what()) == "cannot connect: Connection refused");
}

BOOST_AUTO_TEST_CASE(a_missing_socket_and_a_dead_socket_are_told_apart) {
  test::TempDir dir;
  const std::string path = dir.path() / "s.sock";
  const auto server = Endpoint::unix_socket(path);
  const auto missing = error_of([&] { http::Client(server).send({}, soon()); });
  BOOST_TEST((missing.kind() == Kind::unreachable));
  BOOST_TEST(std::string(missing.what()) == "the socket file does not exist");
  {
    FakeServer dead([](const FakeRequest&, const FakeConnection&) { return false; }, path);
  }
  const auto stale = error_of([&] { http::Client(server).send({}, soon()); });
  BOOST_TEST((stale.kind() == Kind::unreachable));
  BOOST_TEST(std::string(stale.what()) == "connection refused: no process listens on the socket file");
}

BOOST_AUTO_TEST_CASE(a_peer_that_hangs_up_is_unreachable) {
  FakeServer server([](const FakeRequest&, const FakeConnection&) { return false; });
  const auto error = error_of([&] { http::Client(server.address()).send({}, soon()); });
  BOOST_TEST((error.kind() == Kind::unreachable));
}

BOOST_AUTO_TEST_CASE(a_reply_that_is_not_http_is_invalid) {
  FakeServer server([](const FakeRequest&, const FakeConnection& connection) {
    connection.write("SSH-2.0-OpenSSH_9.2\r\n");
    return false;
  });
  const auto error = error_of([&] { http::Client(server.address()).send({}, soon()); });
  BOOST_TEST((error.kind() == Kind::invalid));
}

BOOST_AUTO_TEST_CASE(silence_ends_at_the_deadline_and_the_client_can_be_used_again) {
  FakeServer server([](const FakeRequest& request, const FakeConnection& connection) {
    if (request.target == "/silent") {
      connection.wait_closed();
      return false;
    }
    connection.reply(200, "again");
    return true;
  });
  http::Client client(server.address());
  const auto deadline = Deadline::in(50ms);
  const auto error = error_of([&] { client.send({"GET", "/silent", {}, {}}, deadline); });
  BOOST_TEST((error.kind() == Kind::timeout));
  BOOST_TEST((deadline.elapsed() >= 50ms));
  BOOST_TEST(client.send({}, soon()).body == "again");
}

BOOST_AUTO_TEST_CASE(a_stream_is_handed_over_as_it_comes_and_ends_when_the_sink_says_so) {
  FakeServer server([](const FakeRequest&, const FakeConnection& connection) {
    connection.write("HTTP/1.1 200 OK\r\n\r\none");
    connection.wait_closed();  // never sends the end of the body
    return false;
  });
  http::Client client(server.address());
  std::string seen;
  bool head_came_first = false;
  const auto response = client.stream(
      {},
      [&](std::string_view part) {
        seen += part;
        return seen != "one";
      },
      soon(),
      [&] {
        head_came_first = seen.empty();
        return true;
      });
  BOOST_TEST(seen == "one");
  BOOST_TEST(head_came_first);
  BOOST_TEST(response.status == 200);
  BOOST_TEST(response.body.empty());
}

BOOST_AUTO_TEST_CASE(the_body_of_a_failed_stream_is_the_response_not_the_stream) {
  FakeServer server([](const FakeRequest&, const FakeConnection& connection) {
    connection.reply(404, "no such container");
    return true;
  });
  bool called = false;
  const auto response = http::Client(server.address())
                            .stream(
                                {},
                                [&](std::string_view) {
                                  called = true;
                                  return true;
                                },
                                soon());
  BOOST_TEST(!called);
  BOOST_TEST(response.body == "no such container");
}

BOOST_AUTO_TEST_CASE(what_a_sink_throws_reaches_the_caller) {
  FakeServer server([](const FakeRequest&, const FakeConnection& connection) {
    connection.reply(200, "body");
    return true;
  });
  http::Client client(server.address());
  const auto error = error_of([&] {
    client.stream(
        {}, [](std::string_view) -> bool { throw Error(Kind::invalid, "bad frame"); }, soon());
  });
  BOOST_TEST(std::string(error.what()) == "bad frame");
}

BOOST_AUTO_TEST_CASE(a_stopped_thread_leaves_its_request_at_once_and_others_do_not) {
  std::promise<void> asked;
  FakeServer server([&](const FakeRequest& request, const FakeConnection& connection) {
    if (request.target == "/silent") {
      asked.set_value();
      connection.wait_closed();
      return false;
    }
    connection.reply(200, "answer");
    return true;
  });
  std::optional<Error> error;
  std::jthread thread([&](const std::stop_token& stop) {
    const http::StopScope scope(stop);
    error = error_of([&] {
      http::Client(server.address()).send({"GET", "/silent", {}, {}}, Deadline::in(60s));
    });
  });
  asked.get_future().wait();
  thread.request_stop();
  thread.join();
  BOOST_REQUIRE(error);
  BOOST_TEST((error->kind() == Kind::interrupted));
  BOOST_TEST(http::Client(server.address()).send({}, soon()).body == "answer");
}

BOOST_AUTO_TEST_CASE(escaping_keeps_only_unreserved_characters) {
  BOOST_TEST(http::escape("a b/c+d~e") == "a%20b%2Fc%2Bd~e");
  BOOST_TEST(http::escape("app/x_1.2", true) == "app/x_1.2");
  BOOST_TEST(http::escape("\xc3\xa9") == "%C3%A9");
}

BOOST_AUTO_TEST_SUITE_END()
