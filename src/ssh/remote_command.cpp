// A command on the node, in a session channel (RFC 4254, section 6.5).
#include "ssh/channel.hpp"
#include "ssh/session.hpp"

#include <asio/buffer.hpp>
#include <asio/steady_timer.hpp>
#include <libssh2.h>

#include <array>

namespace labctl::ssh {
namespace {

constexpr std::size_t longest_output = 64 * 1024;

}  // namespace

asio::awaitable<std::string> Session::run(std::string command, Deadline deadline) {
  const auto self = shared_from_this();
  auto request = std::make_shared<ChannelOpens::Request>();
  request->plain = true;
  const auto channel = co_await open(request, deadline);
  asio::steady_timer timer(executor(), deadline.at());
  timer.async_wait([self, weak = std::weak_ptr(channel)](std::error_code error) {
    const auto late = weak.lock();
    if (error || !late) return;
    late->close();
    self->activity_.notify();
  });
  const auto size = static_cast<unsigned int>(command.size());
  while (true) {
    if (failure_) throw Failure(*failure_);
    if (channel->raw_ == nullptr)
      throw Failure(Cause::no_answer, "no answer to the request to run a command", target_.name);
    const int code = libssh2_channel_process_startup(channel->raw_, "exec", 4, command.data(), size);
    called();
    if (code == 0) break;
    if (code == LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED)
      throw Failure(Cause::target_refused, "sshd runs no command", target_.name);
    if (code != LIBSSH2_ERROR_EAGAIN) {
      fail_call(code, "starting a command");
      throw Failure(*failure_);
    }
    co_await activity_.wait();
  }
  std::string output;
  std::array<char, 4096> buffer{};
  std::error_code error;
  while (!error && output.size() < longest_output) {
    const std::size_t count = co_await channel->read_some(asio::buffer(buffer), error);
    output.append(buffer.data(), count);
  }
  timer.cancel();
  if (failure_) throw Failure(*failure_);
  if (channel->raw_ == nullptr) throw Failure(Cause::no_answer, "a command did not end", target_.name);
  co_return output;
}

}  // namespace labctl::ssh
