#pragma once

#include <chrono>
#include <mutex>

namespace labctl::tunnels {

// Limits the logins of a whole daemon, so that many nodes with one trouble (a changed host key, a sshd that
// starts again and again) do not look like an attack. Reads no clock: the caller passes `now`. Thread-safe.
class LoginLimit {
public:
  using Clock = std::chrono::steady_clock;
  struct Policy {
    int at_once = 8;                                     // logins that need not wait
    Clock::duration interval = std::chrono::seconds(3);  // then one in this time
  };

  explicit LoginLimit(Policy policy) : policy_(policy) {}

  // Reserves the next login and returns when it may begin; `now` if it may begin at once.
  Clock::time_point reserve(Clock::time_point now);
  // What became of a reserved login: the number of sshds that it reached. One that reached no node does not
  // count; jump hosts count.
  void settle(int reached);
  // A caller asked for logins: all may begin at once again.
  void renew();

private:
  Policy policy_;
  std::mutex mutex_;
  Clock::time_point full_at_{};  // when `at_once` logins are free again
};

}  // namespace labctl::tunnels
