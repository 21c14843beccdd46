#include "ssh/address_race.hpp"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstring>
#include <optional>
#include <system_error>

using namespace labctl::ssh;
using asio::ip::make_address;
using asio::ip::tcp;

namespace {

struct Listener {
  explicit Listener(asio::io_context& io, int backlog = 16) : acceptor(io, tcp::v4()) {
    acceptor.bind({make_address("127.0.0.1"), 0});
    acceptor.listen(backlog);
  }
  tcp::endpoint address() const { return acceptor.local_endpoint(); }

  tcp::acceptor acceptor;
};

// An address that neither accepts nor refuses: the queue of its listener is full, and no process accepts.
struct Silent {
  explicit Silent(asio::io_context& io) : listener(io, 0), queued(io) { queued.connect(listener.address()); }

  Listener listener;
  tcp::socket queued;
};

struct Outcome {
  std::optional<StreamSocket> socket;
  std::error_code error;
};

Outcome run(asio::io_context& io, const std::shared_ptr<AddressRace>& race) {
  io.restart();
  Outcome outcome;
  bool done = false;
  const auto one = [&]() -> asio::awaitable<void> {
    try {
      outcome.socket.emplace(co_await race->run());
    } catch (const std::system_error& error) {
      outcome.error = error.code();
    }
  };
  asio::co_spawn(io, one, [&](std::exception_ptr) { done = true; });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!done && io.run_one_until(deadline) > 0) {
  }
  BOOST_REQUIRE(done);
  return outcome;
}

tcp::endpoint peer_of(const StreamSocket& socket) {
  const auto peer = socket.remote_endpoint();
  tcp::endpoint address;
  std::memcpy(address.data(), peer.data(), peer.size());
  return address;
}

struct Race {
  std::shared_ptr<AddressRace> race(std::vector<tcp::endpoint> addresses,
                                    std::vector<asio::ip::address> from = {}) {
    return std::make_shared<AddressRace>(io.get_executor(), std::move(addresses), std::move(from));
  }

  asio::io_context io{1};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(address_race, Race)

BOOST_AUTO_TEST_CASE(an_address_that_swallows_everything_does_not_hold_up_the_next) {
  const Silent silent(io);
  const Listener listener(io);
  const auto outcome = run(io, race({silent.listener.address(), listener.address()}));
  BOOST_REQUIRE(outcome.socket.has_value());
  BOOST_TEST(peer_of(*outcome.socket) == listener.address());
}

BOOST_AUTO_TEST_CASE(after_a_refusal_the_next_is_tried) {
  tcp::endpoint nobody;
  { nobody = Listener(io).address(); }
  const Listener listener(io);
  const auto outcome = run(io, race({nobody, listener.address()}));
  BOOST_REQUIRE(outcome.socket.has_value());
  BOOST_TEST(peer_of(*outcome.socket) == listener.address());
}

BOOST_AUTO_TEST_CASE(if_all_refuse_that_is_told) {
  tcp::endpoint nobody;
  { nobody = Listener(io).address(); }
  BOOST_TEST(run(io, race({nobody, nobody})).error == asio::error::connection_refused);
}

BOOST_AUTO_TEST_CASE(it_ends_when_it_is_told_to) {
  const Silent silent(io);
  const auto one = race({silent.listener.address()});
  asio::post(io, [one] { one->stop(); });
  BOOST_TEST(run(io, one).error == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(our_own_address_is_the_one_that_was_asked_for) {
  Listener listener(io);
  const auto outcome = run(io, race({listener.address()}, {make_address("127.0.0.7")}));
  BOOST_REQUIRE(outcome.socket.has_value());
  tcp::socket accepted(io);
  listener.acceptor.accept(accepted);
  BOOST_TEST(accepted.remote_endpoint().address().to_string() == "127.0.0.7");
  BOOST_TEST(run(io, race({listener.address()}, {make_address("::1")})).error ==
             asio::error::address_family_not_supported);
}

BOOST_AUTO_TEST_CASE(families_take_turns) {
  const auto both = race({{make_address("::1"), 1},
                          {make_address("::2"), 1},
                          {make_address("::3"), 1},
                          {make_address("10.0.0.1"), 1},
                          {make_address("10.0.0.2"), 1}});
  std::string order;
  for (const auto& address : both->addresses()) order += address.address().to_string() + " ";
  BOOST_TEST(order == "::1 10.0.0.1 ::2 10.0.0.2 ::3 ");
}

BOOST_AUTO_TEST_SUITE_END()
