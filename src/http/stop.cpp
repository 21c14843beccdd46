#include "http/stop.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace labctl::http {
namespace {

thread_local const std::stop_token* current_token = nullptr;
thread_local int current_fd = -1;

}  // namespace

StopScope::StopScope(std::stop_token token)
    : token_(std::move(token)), event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_) throw system_error("cannot make an event descriptor");
  callback_.emplace(token_, [fd = event_.get()] { ::eventfd_write(fd, 1); });
  current_token = &token_;
  current_fd = event_.get();
}

StopScope::~StopScope() {
  current_token = nullptr;
  current_fd = -1;
}

int StopScope::fd() { return current_fd; }

void StopScope::throw_if_stopped() {
  if (current_token != nullptr && current_token->stop_requested()) {
    throw Error(Kind::interrupted, "no longer needed");
  }
}

void StopScope::pause(std::chrono::milliseconds time) {
  // poll() ignores a negative descriptor.
  std::array<pollfd, 2> ends{{{interrupt_fd(), POLLIN, 0}, {current_fd, POLLIN, 0}}};
  ::poll(ends.data(), ends.size(), static_cast<int>(time.count()));
  throw_if_interrupted();
  throw_if_stopped();
}

StopScope::Pause::Pause()
    : token_(std::exchange(current_token, nullptr)), fd_(std::exchange(current_fd, -1)) {}

StopScope::Pause::~Pause() {
  current_token = token_;
  current_fd = fd_;
}

}  // namespace labctl::http
