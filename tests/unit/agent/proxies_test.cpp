#include "agent/proxies.hpp"

#include "../docker/frame.hpp"
#include "support/fake_server.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <mutex>
#include <string>
#include <vector>

using namespace labctl;
using namespace labctl::agent;

namespace {

// An engine with a running cluster_haproxy_1, which logs a reload. Its POST requests are in `posts`.
struct ProxyEngine {
  explicit ProxyEngine(bool has_tty) : tty(has_tty) {}

  bool answer(const test::FakeRequest& request, const test::FakeConnection& connection) {
    if (request.method == "POST") {
      const std::lock_guard lock(mutex);
      posts.push_back(request.target);
      connection.reply(204, "");
      return true;
    }
    if (request.target.ends_with("/json")) {
      connection.reply(
          200, std::string(R"({"Id":"abc","Name":"/cluster_haproxy_1","State":{"Status":"running"},)") +
                   R"("NetworkSettings":{"Networks":{}},"Config":{"Image":"x","Tty":)" +
                   (tty ? "true}}" : "false}}"));
      return true;
    }
    connection.write("HTTP/1.1 200 OK\r\n\r\n");
    for (const char* line : {"[NOTICE] Reloading HAProxy", "[NOTICE] Loading success."}) {
      connection.write(tty ? line + std::string("\r\n") : docker::test::frame(2, line + std::string("\n")));
    }
    connection.wait_closed();
    return false;
  }

  bool tty;
  std::mutex mutex;
  std::vector<std::string> posts;
  test::TempDir folder;
  const std::string socket = folder / "docker.sock";
  test::FakeServer server{
      [this](const auto& request, const auto& connection) { return answer(request, connection); }, socket};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(proxies)

BOOST_AUTO_TEST_CASE(haproxy_is_not_restarted_at_a_reload_with_or_without_a_terminal) {
  for (const bool tty : {false, true}) {
    BOOST_TEST_CONTEXT("tty " << tty) {
      ProxyEngine engine(tty);
      Settings settings;
      settings.docker_socket = engine.socket;
      reload_haproxy(settings);
      const std::lock_guard lock(engine.mutex);
      BOOST_REQUIRE(!engine.posts.empty());
      BOOST_TEST(engine.posts.front() == "/v1.41/containers/cluster_haproxy_1/kill?signal=SIGHUP");
      for (const auto& post : engine.posts) BOOST_TEST(post.find("/restart") == std::string::npos, post);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
