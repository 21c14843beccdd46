#include "ssh/session.hpp"

#include "ssh/address_race.hpp"
#include "ssh/answer.hpp"
#include "ssh/channel.hpp"
#include "ssh/proxy_command.hpp"
#include "ssh/remote_listener.hpp"

#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
#include <libssh2.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace labctl::ssh {
namespace {

constexpr std::size_t input_buffer = 256 * 1024;
// While more output than this is unsent, no more data is taken from local sockets.
constexpr std::size_t output_limit = 1024 * 1024;

}  // namespace

// libssh2 calls these functions instead of using a socket.
struct Transport {
  static ssize_t send(libssh2_socket_t, const void* data, size_t size, int, void** abstract) {
    auto& session = *static_cast<Session*>(*abstract);
    if (session.failure_) return -ECONNRESET;
    session.out_.append(static_cast<const char*>(data), size);
    return static_cast<ssize_t>(size);
  }

  static ssize_t receive(libssh2_socket_t, void* into, size_t size, int, void** abstract) {
    auto& session = *static_cast<Session*>(*abstract);
    if (session.failure_) return -ECONNRESET;
    const std::size_t count = std::min(size, session.in_end_ - session.in_begin_);
    if (count == 0) return -EAGAIN;
    std::memcpy(into, session.in_.data() + session.in_begin_, count);
    session.in_begin_ += count;
    session.consumed_ = true;
    return static_cast<ssize_t>(count);
  }

  // A debug message of the peer.
  static void debug(LIBSSH2_SESSION*, int, const char* text, int size, const char*, int, void** abstract) {
    if (text == nullptr || size <= 0) return;
    auto& session = *static_cast<Session*>(*abstract);
    const std::string_view message(text, static_cast<std::size_t>(size));
    if (auto key = read_key_options(message)) session.key_options_ = std::move(key);
    session.listen_requests_.hear(message);
  }
};

Session::Session(Executor executor, Target target)
    : target_(std::move(target)), socket_(executor), resolver_(executor), in_(input_buffer) {
  static const int initialised = libssh2_init(0);
  if (initialised != 0) throw Failure(Cause::protocol, "cannot initialise libssh2");
  raw_ = libssh2_session_init_ex(nullptr, nullptr, nullptr, this);
  if (raw_ == nullptr) throw Failure(Cause::protocol, "cannot make an SSH session");
  libssh2_session_set_blocking(raw_, 0);
  using Generic = libssh2_cb_generic*;
  libssh2_session_callback_set2(raw_, LIBSSH2_CALLBACK_SEND, reinterpret_cast<Generic>(&Transport::send));
  libssh2_session_callback_set2(raw_, LIBSSH2_CALLBACK_RECV, reinterpret_cast<Generic>(&Transport::receive));
  libssh2_session_callback_set2(raw_, LIBSSH2_CALLBACK_DEBUG, reinterpret_cast<Generic>(&Transport::debug));
}

Session::~Session() {
  // Close the transport first: freeing the session must not wait for the peer.
  if (!failure_) close(Failure(Cause::stopped, "session dropped", target_.name));
  libssh2_session_free(raw_);
}

asio::awaitable<Failure> Session::ended() {
  auto self = shared_from_this();
  if (!failure_) co_await end_.wait();
  co_return *failure_;
}

void Session::close(Failure why) {
  if (failure_) return;
  failure_ = std::move(why);
  resolver_.cancel();
  if (auto race = race_.lock()) race->stop();
  std::error_code ignored;
  socket_.close(ignored);
  if (auto jump = jump_attempt_.lock())
    jump->close(Failure(Cause::stopped, "no longer needed", jump->target_.name));
  proxy_command_.reset();
  opens_.end();
  listen_requests_.end();
  for (RemoteListener* listener : std::exchange(listeners_, {})) listener->end();
  for (Channel* channel : channels_) channel->fail(asio::error::connection_reset);
  for (LIBSSH2_CHANNEL* channel : std::exchange(closing_, {})) libssh2_channel_free(channel);
  activity_.notify();
  end_.notify();
}

bool Session::resolving() const {
  const auto jump = jump_attempt_.lock();
  return resolving_ || (jump && jump->resolving());
}

Failure Session::why_lost(std::error_code error) {
  if (jump_ && jump_->failure_) {
    return Failure(Cause::lost, "jump host " + jump_->target_.name + ": " + jump_->failure_->what(),
                   target_.name);
  }
  if (proxy_command_) {
    const std::string said = proxy_command_->complaint();
    return Failure(Cause::lost, "the ProxyCommand ended" + (said.empty() ? "" : ": " + said), target_.name,
                   "try it in a shell: " + target_.proxy_command);
  }
  const bool end = error == asio::error::eof;
  return Failure(Cause::lost, end ? "the node closed the connection" : "connection lost: " + error.message(),
                 target_.name);
}

void Session::read_socket() {
  if (reading_ || failure_) return;
  // The data is moved only between reads: a pending read writes at the current in_end_.
  if (in_begin_ > 0) {
    std::memmove(in_.data(), in_.data() + in_begin_, in_end_ - in_begin_);
    in_end_ -= in_begin_;
    in_begin_ = 0;
  }
  if (in_end_ == in_.size()) return;  // the buffer is full: TCP flow control stops the peer
  reading_ = true;
  auto self = shared_from_this();
  socket_.async_read_some(asio::buffer(in_.data() + in_end_, in_.size() - in_end_),
                          [this, self](std::error_code error, std::size_t count) {
                            reading_ = false;
                            if (error) {
                              close(why_lost(error));
                              return;
                            }
                            last_heard_ = Clock::now();
                            in_end_ += count;
                            activity_.notify();
                            if (serving_) {
                              pump();
                            } else {
                              read_socket();
                            }
                          });
}

void Session::write_socket() {
  if (writing_ || out_.empty() || failure_) return;
  writing_ = true;
  sending_.clear();
  std::swap(sending_, out_);
  auto self = shared_from_this();
  asio::async_write(socket_, asio::buffer(sending_), [this, self](std::error_code error, std::size_t) {
    const bool was_congested = congested();
    writing_ = false;
    sending_.clear();
    if (error) {
      close(why_lost(error));
    } else if (was_congested && serving_) {
      pump();
    } else {
      write_socket();
    }
  });
}

bool Session::congested() const { return out_.size() + sending_.size() > output_limit; }

void Session::pump() {
  pumping_ = true;
  for (bool moved = true; moved && !failure_;) {
    consumed_ = false;
    moved = serve_opens();
    // Not a range-for: if serve() fails the session, this loop and the outer one must end.
    for (std::size_t i = 0; i < channels_.size() && !failure_; ++i) moved |= channels_[i]->serve();
    moved |= serve_listeners();
    moved |= serve_closing();
    moved |= consumed_;
  }
  consumed_ = false;
  pumping_ = false;
  write_socket();
  read_socket();
}

void Session::called() {
  if (consumed_ && !pumping_) {
    consumed_ = false;
    post_pump();
  }
  write_socket();
}

void Session::post_pump() {
  if (std::exchange(pump_posted_, true)) return;
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->pump_posted_ = false;
    self->pump();
  });
}

void Session::fail_call(int code, const char* what) {
  char* text = nullptr;
  libssh2_session_last_error(raw_, &text, nullptr, 0);
  close(Failure(Cause::lost,
                std::string("connection lost while ") + what + ": " +
                    (text != nullptr && *text != '\0' ? text : "libssh2 error ") + " (" +
                    std::to_string(code) + ")",
                target_.name));
}

void Session::remove(Channel* channel) { std::erase(channels_, channel); }

void Session::release(LIBSSH2_CHANNEL* channel) {
  if (failure_) {
    libssh2_channel_free(channel);  // the session has failed: this does not block
    return;
  }
  if (libssh2_channel_free(channel) == LIBSSH2_ERROR_EAGAIN) closing_.push_back(channel);
  called();
}

bool Session::serve_closing() {
  const std::size_t before = closing_.size();
  std::erase_if(closing_, [](LIBSSH2_CHANNEL* channel) {
    return libssh2_channel_free(channel) != LIBSSH2_ERROR_EAGAIN;
  });
  return closing_.size() != before;
}

bool Session::serve_opens() {
  auto served = opens_.serve(raw_);
  for (LIBSSH2_CHANNEL* channel : served.unwanted) release(channel);
  if (served.error != 0) fail_call(served.error, served.what);
  return served.moved;
}

asio::awaitable<std::shared_ptr<Channel>> Session::open(std::shared_ptr<ChannelOpens::Request> request,
                                                        Deadline deadline) {
  const auto self = shared_from_this();
  if (failure_) throw *failure_;
  opens_.add(request);
  post_pump();
  const auto asked = Clock::now();
  LIBSSH2_CHANNEL* raw = co_await answer_to<LIBSSH2_CHANNEL>(request, socket_.get_executor(), deadline);
  if (raw != nullptr) round_trip_ = std::min(round_trip_, Clock::now() - asked);
  if (raw != nullptr && !failure_) co_return std::make_shared<Channel>(self, raw);
  if (raw != nullptr) release(raw);
  if (failure_) throw *failure_;
  const std::string remote = request->plain ? "sshd" : to_string(request->remote);
  const Cause cause = request->abandoned ? Cause::target_no_answer : request->cause;
  switch (cause) {
    case Cause::forwarding_denied:
      throw Failure(cause, "sshd forbids the forward to " + remote, target_.name,
                    "AllowTcpForwarding and AllowStreamLocalForwarding in sshd_config");
    case Cause::target_no_answer:
      throw Failure(cause,
                    "no answer from " + remote + " on " + target_.name + " within " +
                        std::to_string(deadline.elapsed().count()) + " ms",
                    target_.name);
    case Cause::target_unreachable:
      throw Failure(cause, "cannot reach " + remote + " from " + target_.name + ": " + request->reason,
                    target_.name);
    default:
      throw Failure(Cause::target_refused,
                    "cannot connect to " + remote + " on " + target_.name +
                        (request->reason.empty() ? "" : ": " + request->reason),
                    target_.name, "is the service running there?");
  }
}

asio::awaitable<std::shared_ptr<Channel>> Session::open(Endpoint remote, Deadline deadline) {
  auto request = std::make_shared<ChannelOpens::Request>();
  request->remote = std::move(remote);
  return open(std::move(request), deadline);
}

asio::awaitable<std::chrono::microseconds> Session::round_trip(Deadline deadline) {
  auto request = std::make_shared<ChannelOpens::Request>();
  request->plain = true;
  const auto start = Clock::now();
  try {
    co_await open(std::move(request), deadline);
  } catch (const Failure& failure) {
    // A refusal also proves that the node answers.
    if (failure.cause() != Cause::target_refused && failure.cause() != Cause::forwarding_denied) throw;
  }
  co_return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
}

void Session::ask_for_life() {
  if (failure_ || life_asked_) return;
  life_asked_ = true;
  asio::co_spawn(
      socket_.get_executor(),
      [self = shared_from_this()]() -> asio::awaitable<void> {
        try {
          co_await self->round_trip(Deadline::in(std::chrono::seconds(15)));
        } catch (...) {
          // If the peer is silent, last_heard() shows it.
        }
        self->life_asked_ = false;
      },
      asio::detached);
}

}  // namespace labctl::ssh
