#include "delayed_port.hpp"

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <deque>
#include <memory>
#include <vector>

namespace labctl::test {
namespace {

using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

// One direction of a connection: what was read waits in a queue until its time has come.
class OneWay : public std::enable_shared_from_this<OneWay> {
public:
  OneWay(std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to, Clock::duration delay)
      : from_(std::move(from)), to_(std::move(to)), delay_(delay), news_(from_->get_executor()) {}

  void run() {
    asio::co_spawn(
        from_->get_executor(), [self = shared_from_this()] { return self->read(); }, asio::detached);
    asio::co_spawn(
        from_->get_executor(), [self = shared_from_this()] { return self->write(); }, asio::detached);
  }

private:
  struct Part {
    Clock::time_point due;
    std::vector<char> bytes;  // none: the end
  };

  asio::awaitable<void> read() {
    std::vector<char> buffer(256 * 1024);
    std::error_code error;
    while (!error) {
      std::size_t count = 0;
      try {
        count = co_await from_->async_read_some(asio::buffer(buffer), asio::use_awaitable);
      } catch (const std::system_error& failure) {
        error = failure.code();
      }
      const auto end = buffer.begin() + static_cast<std::ptrdiff_t>(count);
      parts_.push_back({Clock::now() + delay_, {buffer.begin(), end}});
      news_.cancel();
    }
  }

  asio::awaitable<void> write() {
    try {
      while (true) {
        while (parts_.empty()) co_await wait_until(Clock::time_point::max());
        const Part part = std::move(parts_.front());
        parts_.pop_front();
        while (Clock::now() < part.due) co_await wait_until(part.due);
        if (part.bytes.empty()) break;
        co_await asio::async_write(*to_, asio::buffer(part.bytes), asio::use_awaitable);
      }
    } catch (const std::system_error&) {
      // The receiver has ended; so does this direction.
    }
    std::error_code ignored;
    to_->shutdown(tcp::socket::shutdown_send, ignored);
  }

  // Until then, or until something was read.
  asio::awaitable<void> wait_until(Clock::time_point then) {
    news_.expires_at(then);
    try {
      co_await news_.async_wait(asio::use_awaitable);
    } catch (const std::system_error&) {
      // Something was read.
    }
  }

  std::shared_ptr<tcp::socket> from_, to_;
  Clock::duration delay_;
  std::deque<Part> parts_;
  asio::steady_timer news_;
};

asio::awaitable<void> accept(tcp::acceptor& acceptor, tcp::endpoint target, Clock::duration delay) {
  while (true) {
    auto client = std::make_shared<tcp::socket>(co_await acceptor.async_accept(asio::use_awaitable));
    auto server = std::make_shared<tcp::socket>(acceptor.get_executor());
    co_await server->async_connect(target, asio::use_awaitable);
    for (auto* socket : {client.get(), server.get()}) socket->set_option(tcp::no_delay(true));
    std::make_shared<OneWay>(client, server, delay)->run();
    std::make_shared<OneWay>(server, client, delay)->run();
  }
}

}  // namespace

DelayedPort::DelayedPort(std::uint16_t to, std::chrono::milliseconds round_trip)
    : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
  asio::co_spawn(io_, accept(acceptor_, {asio::ip::address_v4::loopback(), to}, round_trip / 2),
                 asio::detached);
  thread_ = std::thread([this] { io_.run(); });
}

DelayedPort::~DelayedPort() {
  io_.stop();
  thread_.join();
}

}  // namespace labctl::test
