#include "tunnels/dynamic_forward.hpp"

#include "ssh/channel.hpp"
#include "ssh/current_failure.hpp"

#include <asio/buffer.hpp>
#include <asio/read.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <spdlog/spdlog.h>

namespace labctl::tunnels {
namespace {

using ssh::Cause;
using ssh::Failure;

// A client sends its request at once, so one that does not is no SOCKS client.
constexpr std::chrono::seconds request_limit{10};

asio::awaitable<bool> send_to_client(std::shared_ptr<ssh::Relay> connection, std::string bytes) {
  std::error_code error;
  co_await asio::async_write(connection->local(), asio::buffer(bytes),
                             asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

}  // namespace

asio::awaitable<std::optional<std::chrono::microseconds>> DynamicForward::check(Deadline) {
  open_local_end();
  co_return std::nullopt;
}

asio::awaitable<std::optional<Endpoint>> DynamicForward::read_request(
    std::shared_ptr<ssh::Relay> connection) {
  asio::steady_timer timer(setting().executor, request_limit);
  timer.async_wait([connection](std::error_code error) {
    if (!error) connection->finish();
  });
  SocksReader reader;
  std::string bytes;
  while (reader.state() == SocksReader::State::reading) {
    bytes.resize(reader.wanted());
    std::error_code error;
    co_await asio::async_read(connection->local(), asio::buffer(bytes),
                              asio::redirect_error(asio::use_awaitable, error));
    if (error) {
      connection->finish();
      co_return std::nullopt;
    }
    const std::string answer = reader.take(bytes);
    if (!answer.empty()) co_await send_to_client(connection, answer);
  }
  if (reader.state() == SocksReader::State::ready) co_return reader.target();
  report_connection(Failure(Cause::protocol, "a client " + reader.problem(), plan().name,
                            "use a SOCKS5 client, as curl --socks5-hostname"));
  connection->finish();
  co_return std::nullopt;
}

asio::awaitable<void> DynamicForward::connect(std::shared_ptr<ssh::Relay> connection, Opener open) {
  const auto me = shared_from_this();
  auto target = co_await read_request(connection);
  if (!target) co_return;
  const auto known = plan().hosts.find(plain_host(target->host));
  if (known != plan().hosts.end()) target->host = known->second;
  std::shared_ptr<ssh::Channel> channel;
  std::optional<Failure> failure;
  try {
    channel = co_await open(*target, Deadline::in(setting().timing.open));
  } catch (...) {
    failure = ssh::current_failure(plan().name);
  }
  if (failure) {
    // The client is told. Only sshd's prohibition is a matter of the forward.
    spdlog::info("{}: {}", plan().name, failure->line());
    if (failure->cause() == Cause::forwarding_denied) report_connection(failure);
    co_await send_to_client(connection, socks_reply(reply_to(failure->cause())));
    connection->finish();
    co_return;
  }
  report_connection(std::nullopt);
  if (co_await send_to_client(connection, socks_reply(SocksReply::succeeded))) {
    connection->run(std::move(channel));
  } else {
    connection->abort();
  }
}

}  // namespace labctl::tunnels
