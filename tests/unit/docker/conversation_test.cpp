#include "docker/conversation.hpp"

#include "base/error.hpp"
#include "frame.hpp"
#include "support/fake_server.hpp"
#include "support/soon.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

using namespace labctl;
using docker::Conversation;
using docker::test::frame;
using labctl::test::FakeConnection;
using labctl::test::FakeRequest;
using labctl::test::FakeServer;
using labctl::test::soon;

namespace {

// An engine that runs this function as every command.
struct Engine {
  std::function<void(const FakeConnection&)> command;
  std::string wish;
  FakeServer server{[this](const FakeRequest& request, const FakeConnection& connection) {
    if (request.target == "/v1.41/containers/box/exec") {
      wish = request.body;
      connection.reply(201, R"({"Id":"e1"})");
      return true;
    }
    if (request.target != "/v1.41/exec/e1/start") {
      connection.reply(404, R"({"message":"No such container"})");
      return true;
    }
    connection.write("HTTP/1.1 101 UPGRADED\r\n\r\n");
    command(connection);
    return false;
  }};

  Conversation begin() { return {server.address(), "box", {"cat"}, soon()}; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(docker_conversation)

BOOST_AUTO_TEST_CASE(each_line_is_answered_by_a_line) {
  Engine engine{[](const FakeConnection& connection) {
    for (auto line = connection.read_line(); !line.empty(); line = connection.read_line()) {
      connection.write(frame(2, "noise\n"));
      connection.write(frame(1, "to "));
      connection.write(frame(1, line + "\n"));
    }
  }};
  auto talk = engine.begin();
  BOOST_TEST(engine.wish.find(R"("AttachStdin":true)") != std::string::npos);
  BOOST_TEST(talk.ask("one", soon()) == "to one");
  BOOST_TEST(talk.open());
  BOOST_TEST(talk.ask("two", soon()) == "to two");
}

BOOST_AUTO_TEST_CASE(a_command_that_ends_is_an_error_with_its_last_words) {
  Engine engine{[](const FakeConnection& connection) {
    connection.read_line();
    connection.write(frame(2, "Traceback\nKeyError: x\n"));
  }};
  auto talk = engine.begin();
  BOOST_CHECK_EXCEPTION(talk.ask("one", soon()), Error, [](const Error& e) {
    return e.kind() == Kind::unavailable && std::string(e.what()) == "the command ended: KeyError: x";
  });
  BOOST_TEST(!talk.open());
}

BOOST_AUTO_TEST_CASE(without_the_container_there_is_no_conversation) {
  Engine engine{};
  BOOST_CHECK_EXCEPTION(Conversation(engine.server.address(), "none", {"cat"}, soon()), Error,
                        [](const Error& e) { return e.kind() == Kind::not_found; });
}

BOOST_AUTO_TEST_SUITE_END()
