#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <thread>

namespace labctl::test {

// A port on loopback whose connections lead to another port on loopback, as if the other one were far away:
// every byte arrives half a round trip later, in either direction. There is no limit to the rate and no loss.
// TCP's own windows do not feel the delay, those of SSH do. One thread.
class DelayedPort {
public:
  DelayedPort(std::uint16_t to, std::chrono::milliseconds round_trip);
  ~DelayedPort();
  DelayedPort(const DelayedPort&) = delete;
  DelayedPort& operator=(const DelayedPort&) = delete;

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_;
  std::thread thread_;
};

}  // namespace labctl::test
