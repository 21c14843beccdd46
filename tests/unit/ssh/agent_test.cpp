#include "ssh/agent.hpp"

#include "base/unique_fd.hpp"
#include "ssh/wire.hpp"
#include "support/temp_dir.hpp"
#include "support/unix_listener.hpp"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <sys/socket.h>

#include <thread>

using namespace labctl;
using namespace labctl::ssh;

namespace {

// Listens as an agent, accepts one client and sends it the prepared answers, one per request.
class FakeAgent {
public:
  FakeAgent(const std::filesystem::path& path, std::vector<std::string> answers)
      : listener_(test::listen_at(path)) {
    thread_ = std::thread([this, answers = std::move(answers)] {
      const UniqueFd client(::accept(listener_.get(), nullptr, nullptr));
      for (const std::string& answer : answers) {
        char head[4];
        if (::recv(client.get(), head, 4, MSG_WAITALL) != 4) return;
        std::string request(WireReader({head, 4}).u32(), '\0');
        if (::recv(client.get(), request.data(), request.size(), MSG_WAITALL) <= 0) return;
        requests.push_back(request);
        WireWriter writer;
        writer.string(answer);
        ::send(client.get(), writer.bytes().data(), writer.bytes().size(), MSG_NOSIGNAL);
      }
    });
  }
  ~FakeAgent() { join(); }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

  std::vector<std::string> requests;  // valid after join()

private:
  UniqueFd listener_;
  std::thread thread_;
};

Deadline soon() { return Deadline::in(std::chrono::seconds(20)); }

// Runs a coroutine to its end.
template <typename Coroutine>
void run_in_asio(Coroutine coroutine) {
  asio::io_context io;
  std::exception_ptr failed;
  asio::co_spawn(io, coroutine, [&](std::exception_ptr error) { failed = error; });
  io.run();
  if (failed) std::rethrow_exception(failed);
}

std::string identities_answer() {
  WireWriter answer;
  answer.u8(12);
  answer.u32(2);
  answer.string("key-one");
  answer.string("me@here");
  answer.string("key-two");
  answer.string("");
  return answer.bytes();
}

std::string sign_answer(const std::string& algorithm) {
  WireWriter signature, answer;
  signature.string(algorithm);
  signature.string("SIGNED");
  answer.u8(14);
  answer.string(signature.bytes());
  return answer.bytes();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(agent)

BOOST_AUTO_TEST_CASE(keys_are_listed_and_a_signature_is_unwrapped) {
  const test::TempDir folder;
  FakeAgent fake(folder / "agent", {identities_answer(), sign_answer("rsa-sha2-512")});
  run_in_asio([&]() -> asio::awaitable<void> {
    auto agent = co_await Agent::connect(folder / "agent");
    BOOST_REQUIRE(agent);
    const auto keys = co_await agent->keys(soon());
    BOOST_REQUIRE(keys.size() == 2);
    BOOST_TEST(keys[0].blob == "key-one");
    BOOST_TEST(keys[0].comment == "me@here");
    const auto signature = co_await agent->sign("key-one", "data", "rsa-sha2-512", soon());
    BOOST_TEST(signature.value() == "SIGNED");
  });
  fake.join();
  BOOST_REQUIRE(fake.requests.size() == 2);
  // SSH_AGENTC_SIGN_REQUEST, key, data and the flag for SHA-512.
  BOOST_TEST(fake.requests[1] == std::string("\x0d\0\0\0\x07key-one\0\0\0\x04"
                                             "data\0\0\0\x04",
                                             24));
}

// An agent signs for a certificate with the algorithm of its key.
BOOST_AUTO_TEST_CASE(a_certificate_is_signed_for_with_its_plain_algorithm) {
  const test::TempDir folder;
  FakeAgent fake(folder / "agent", {sign_answer("ssh-ed25519"), sign_answer("rsa-sha2-256")});
  run_in_asio([&]() -> asio::awaitable<void> {
    auto agent = co_await Agent::connect(folder / "agent");
    BOOST_REQUIRE(agent);
    BOOST_TEST((co_await agent->sign("k", "d", "ssh-ed25519-cert-v01@openssh.com", soon())).value() ==
               "SIGNED");
    BOOST_TEST((co_await agent->sign("k", "d", "rsa-sha2-256-cert-v01@openssh.com", soon())).value() ==
               "SIGNED");
  });
  fake.join();
  BOOST_REQUIRE(fake.requests.size() == 2);
  BOOST_TEST(fake.requests[1].back() == '\x02');  // SSH_AGENT_RSA_SHA2_256
}

// libssh2 wants flags and counter of a security key, too.
BOOST_AUTO_TEST_CASE(the_signature_of_a_security_key_keeps_what_follows) {
  const test::TempDir folder;
  const std::string type = "sk-ssh-ed25519@openssh.com";
  WireWriter rest, signature, answer;
  rest.string("SIGNED");
  rest.u8(1);
  rest.u32(7);
  signature.string(type);
  answer.u8(14);
  answer.string(signature.bytes() + rest.bytes());
  FakeAgent fake(folder / "agent", {answer.bytes(), answer.bytes()});
  run_in_asio([&]() -> asio::awaitable<void> {
    auto agent = co_await Agent::connect(folder / "agent");
    BOOST_REQUIRE(agent);
    BOOST_TEST((co_await agent->sign("k", "d", type, soon())).value() == rest.bytes());
    BOOST_TEST((co_await agent->sign("k", "d", "sk-ssh-ed25519-cert-v01@openssh.com", soon())).value() ==
               rest.bytes());
  });
}

BOOST_AUTO_TEST_CASE(a_signature_of_another_algorithm_is_none) {
  const test::TempDir folder;
  FakeAgent fake(folder / "agent", {sign_answer("ssh-rsa")});
  run_in_asio([&]() -> asio::awaitable<void> {
    auto agent = co_await Agent::connect(folder / "agent");
    BOOST_REQUIRE(agent);
    BOOST_TEST(!(co_await agent->sign("k", "d", "rsa-sha2-512", soon())).has_value());
  });
}

BOOST_AUTO_TEST_CASE(an_agent_that_breaks_off_or_lies_gives_no_keys) {
  const test::TempDir folder;
  FakeAgent fake(folder / "agent", {std::string("\x0c\0\0\xff\xff\0\0\0\x09x", 10)});
  run_in_asio([&]() -> asio::awaitable<void> {
    auto agent = co_await Agent::connect(folder / "agent");
    BOOST_REQUIRE(agent);
    BOOST_TEST((co_await agent->keys(soon())).empty());
    BOOST_TEST((co_await agent->keys(soon())).empty());  // it has closed the connection
  });
}

BOOST_AUTO_TEST_CASE(an_agent_without_an_answer_is_silent_and_not_waited_for_again) {
  const test::TempDir folder;
  // The backlog accepts the connection; no process reads from it.
  asio::io_context io;
  const asio::local::stream_protocol::acceptor listener(io, (folder / "agent").string());
  run_in_asio([&]() -> asio::awaitable<void> {
    auto agent = co_await Agent::connect(folder / "agent");
    BOOST_REQUIRE(agent);
    BOOST_TEST((co_await agent->keys(Deadline::in(std::chrono::milliseconds(50)))).empty());
    BOOST_TEST(agent->silent());
    BOOST_TEST((co_await agent->keys(soon())).empty());
  });
}

BOOST_AUTO_TEST_CASE(nobody_there_is_no_agent) {
  const test::TempDir folder;
  run_in_asio([&]() -> asio::awaitable<void> {
    BOOST_TEST(!(co_await Agent::connect(folder / "none")).has_value());
    BOOST_TEST(!(co_await Agent::connect("")).has_value());
  });
}

BOOST_AUTO_TEST_SUITE_END()
