#include "tunnels/local_target.hpp"

#include "ssh/address_race.hpp"
#include "ssh/failure.hpp"

#include <asio/ip/address.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <system_error>
#include <vector>

namespace labctl::tunnels {
namespace {

using ssh::Cause;
using ssh::Failure;
using ssh::StreamSocket;

// There is no event for room in the queue of a unix socket's listener.
constexpr std::chrono::milliseconds full_pause{50};

asio::awaitable<StreamSocket> connect_loopback(asio::any_io_executor executor, Endpoint target,
                                               Deadline deadline, std::error_code& error) {
  std::vector<asio::ip::tcp::endpoint> addresses;
  for (const char* host : {"127.0.0.1", "::1"}) {
    if (target.host == "localhost") addresses.emplace_back(asio::ip::make_address(host), target.port);
  }
  if (addresses.empty()) addresses.emplace_back(asio::ip::make_address(target.host), target.port);
  const auto race = std::make_shared<ssh::AddressRace>(executor, std::move(addresses));
  asio::steady_timer timer(executor, deadline.at());
  timer.async_wait([race](std::error_code cancelled) {
    if (!cancelled) race->stop();
  });
  StreamSocket socket(executor);
  try {
    socket = co_await race->run();
  } catch (const std::system_error& failure) {
    error = failure.code();
  }
  timer.cancel();
  if (!error) socket.set_option(asio::ip::tcp::no_delay(true), error);
  co_return socket;
}

asio::awaitable<StreamSocket> connect_socket_file(asio::any_io_executor executor, Endpoint target,
                                                  Deadline deadline, std::error_code& error) {
  const asio::local::stream_protocol::endpoint address(target.path);
  while (true) {
    StreamSocket socket(executor);
    error = {};
    co_await socket.async_connect(address, asio::redirect_error(asio::use_awaitable, error));
    // Linux says EAGAIN if the queue is full; asio makes it no_buffer_space.
    const bool full = error == asio::error::no_buffer_space || error == asio::error::try_again;
    if (!full) co_return socket;
    if (deadline.passed()) error = asio::error::operation_aborted;
    if (deadline.passed()) co_return socket;
    asio::steady_timer pause(executor, full_pause);
    std::error_code ignored;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

}  // namespace

asio::awaitable<StreamSocket> connect_local(asio::any_io_executor executor, Endpoint target,
                                            Deadline deadline) {
  std::error_code error;
  StreamSocket socket(executor);
  if (target.is_unix_socket()) {
    socket = co_await connect_socket_file(executor, target, deadline, error);
  } else {
    socket = co_await connect_loopback(executor, target, deadline, error);
  }
  if (!error) co_return socket;
  const std::string where = to_string(target) + " on this machine";
  if (error == asio::error::operation_aborted)
    throw Failure(Cause::target_no_answer, "no answer from " + where);
  throw Failure(Cause::target_refused, "cannot connect to " + where + ": " + error.message(), {},
                "is the service running here?");
}

}  // namespace labctl::tunnels
