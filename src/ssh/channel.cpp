#include "ssh/channel.hpp"

#include "ssh/session.hpp"

#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <libssh2.h>

namespace labctl::ssh {

Channel::Channel(std::shared_ptr<Session> session, LIBSSH2_CHANNEL* raw)
    : session_(std::move(session)), raw_(raw) {
  session_->add(this);
}

Channel::~Channel() { close(); }

asio::awaitable<std::size_t> Channel::read_some(asio::mutable_buffer into, std::error_code& error) {
  if (raw_ == nullptr || session_->failure_) {
    error = asio::error::connection_reset;
    co_return 0;
  }
  const ssize_t count = libssh2_channel_read_ex(raw_, 0, static_cast<char*>(into.data()), into.size());
  session_->called();
  if (count > 0) {
    widen(static_cast<std::size_t>(count));
    error = {};
    co_return static_cast<std::size_t>(count);
  }
  if (count == 0 && libssh2_channel_eof(raw_) != 0) {
    error = asio::error::eof;
    co_return 0;
  }
  if (count < 0 && count != LIBSSH2_ERROR_EAGAIN) {
    session_->fail_call(static_cast<int>(count), "reading");
    error = asio::error::connection_reset;
    co_return 0;
  }
  read_into_ = into;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  co_return co_await asio::async_initiate<decltype(token), void(std::error_code, std::size_t)>(
      read_done_.store(), token);
}

asio::awaitable<void> Channel::write(asio::const_buffer from, std::error_code& error) {
  if (raw_ == nullptr || session_->failure_) {
    error = asio::error::connection_reset;
    co_return;
  }
  write_from_ = from;
  error = {};
  serve_write();
  session_->called();
  if (write_from_.size() == 0) co_return;
  if (session_->failure_) {
    error = asio::error::connection_reset;
    co_return;
  }
  auto token = asio::redirect_error(asio::use_awaitable, error);
  co_await asio::async_initiate<decltype(token), void(std::error_code)>(write_done_.store(), token);
}

void Channel::send_eof() {
  if (raw_ == nullptr || session_->failure_) return;
  eof_wanted_ = libssh2_channel_send_eof(raw_) == LIBSSH2_ERROR_EAGAIN;
  session_->called();
}

void Channel::close() {
  if (raw_ == nullptr) return;
  session_->remove(this);
  session_->release(std::exchange(raw_, nullptr));
  fail(asio::error::operation_aborted);
}

bool Channel::serve() {
  bool moved = serve_read();
  if (write_done_ && raw_ != nullptr) {
    moved |= serve_write();
    if (write_from_.size() == 0) write_done_({});
  }
  if (eof_wanted_ && raw_ != nullptr) eof_wanted_ = libssh2_channel_send_eof(raw_) == LIBSSH2_ERROR_EAGAIN;
  return moved;
}

bool Channel::serve_read() {
  if (!read_done_) return false;
  const ssize_t count =
      libssh2_channel_read_ex(raw_, 0, static_cast<char*>(read_into_.data()), read_into_.size());
  if (count > 0) {
    widen(static_cast<std::size_t>(count));
    read_done_({}, static_cast<std::size_t>(count));
    return true;
  }
  if (count == 0 && libssh2_channel_eof(raw_) != 0) {
    read_done_(asio::error::eof, 0);
    return true;
  }
  if (count < 0 && count != LIBSSH2_ERROR_EAGAIN) session_->fail_call(static_cast<int>(count), "reading");
  return false;
}

void Channel::widen(std::size_t taken) {
  window_wanted_ |= window_.taken(taken, session_->round_trip_);
  // EAGAIN: an adjustment is partly sent. The next read tries again.
  if (window_wanted_) window_wanted_ = libssh2_channel_receive_window_limit(raw_, window_.limit()) != 0;
}

// EAGAIN can also mean that the peer's window is full: the only thing to do is to wait for input.
bool Channel::serve_write() {
  bool moved = false;
  while (write_from_.size() > 0 && !session_->congested()) {
    const ssize_t count =
        libssh2_channel_write_ex(raw_, 0, static_cast<const char*>(write_from_.data()), write_from_.size());
    if (count < 0 && count != LIBSSH2_ERROR_EAGAIN) session_->fail_call(static_cast<int>(count), "writing");
    if (count <= 0) break;
    write_from_ += static_cast<std::size_t>(count);
    moved = true;
  }
  return moved;
}

void Channel::fail(std::error_code error) {
  if (read_done_) read_done_(error, 0);
  if (write_done_) write_done_(error);
}

}  // namespace labctl::ssh
