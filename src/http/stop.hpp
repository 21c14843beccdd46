#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>

namespace labctl::http {

// During its lifetime, every request of this thread ends with Error{interrupted} as soon as a stop is
// requested on the token: this cancels a thread that waits for a peer. Scopes do not nest.
class StopScope {
public:
  explicit StopScope(std::stop_token token);
  ~StopScope();
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;

  // Readable once stopped; -1 outside a scope. For poll() in this thread.
  static int fd();
  static void throw_if_stopped();
  // Sleeps in this thread; Error{interrupted} as soon as it is stopped, or the program is interrupted.
  static void pause(std::chrono::milliseconds time);

  // Suspends the scope, so that a stopped thread can make its last requests.
  class Pause {
  public:
    Pause();
    ~Pause();
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

  private:
    const std::stop_token* token_;
    int fd_;
  };

private:
  std::stop_token token_;
  UniqueFd event_;
  std::optional<std::stop_callback<std::function<void()>>> callback_;
};

}  // namespace labctl::http
