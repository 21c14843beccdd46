#include "ssh/relay.hpp"

#include "base/error.hpp"
#include "ssh/channel.hpp"

#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <sys/socket.h>

#include <vector>

namespace labctl::ssh {
namespace {

constexpr std::size_t buffer_size = 64 * 1024;

}  // namespace

std::pair<StreamSocket, StreamSocket> connected_pair(const asio::any_io_executor& executor) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw system_error("cannot make a pair of sockets");
  const asio::generic::stream_protocol protocol(AF_UNIX, 0);
  return {StreamSocket(executor, protocol, ends[0]), StreamSocket(executor, protocol, ends[1])};
}

void reset(StreamSocket& socket) {
  std::error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

Relay::Relay(StreamSocket local, std::shared_ptr<Traffic> traffic)
    : local_(std::move(local)), traffic_(std::move(traffic)) {
  ++traffic_->connections;
  ++traffic_->accepted;
}

Relay::~Relay() { --traffic_->connections; }

void Relay::run(std::shared_ptr<ssh::Channel> channel) {
  channel_ = std::move(channel);
  auto self = shared_from_this();
  asio::co_spawn(
      local_.get_executor(), [self]() { return self->to_node(); }, asio::detached);
  asio::co_spawn(
      local_.get_executor(), [self]() { return self->from_node(); }, asio::detached);
}

void Relay::abort() {
  reset(local_);
  if (channel_) channel_->close();
}

void Relay::finish() {
  std::error_code ignored;
  local_.shutdown(asio::socket_base::shutdown_send, ignored);
  local_.close(ignored);
}

void Relay::side_done() {
  if (++sides_done_ == 2) {
    std::error_code ignored;
    local_.close(ignored);
    channel_->close();
  }
}

asio::awaitable<void> Relay::to_node() {
  auto self = shared_from_this();
  std::vector<char> buffer(buffer_size);
  std::error_code error;
  while (true) {
    const std::size_t count = co_await local_.async_read_some(
        asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
    co_await channel_->write(asio::buffer(buffer.data(), count), error);
    if (error) break;
    traffic_->bytes_out += count;
  }
  if (error == asio::error::eof) {
    channel_->send_eof();
  } else {
    abort();
  }
  side_done();
}

asio::awaitable<void> Relay::from_node() {
  auto self = shared_from_this();
  std::vector<char> buffer(buffer_size);
  std::error_code error;
  while (true) {
    const std::size_t count = co_await channel_->read_some(asio::buffer(buffer), error);
    if (error) break;
    co_await asio::async_write(local_, asio::buffer(buffer.data(), count),
                               asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
    traffic_->bytes_in += count;
  }
  if (error == asio::error::eof) {
    std::error_code ignored;
    local_.shutdown(asio::socket_base::shutdown_send, ignored);
  } else {
    abort();
  }
  side_done();
}

}  // namespace labctl::ssh
