#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace labctl {

// Tells the service manager that started this process how it is, by the protocol of sd_notify(3): each
// message is one datagram of lines VARIABLE=VALUE to the unix socket that NOTIFY_SOCKET names, a path or,
// after '@', an abstract name. How often WATCHDOG=1 is wanted: WATCHDOG_USEC and WATCHDOG_PID,
// sd_watchdog_enabled(3).
class ServiceManager {
public:
  ServiceManager() = default;  // none
  // Reads the variables and removes them from the environment, so that no program that we start inherits
  // them.
  static ServiceManager from_environment();

  // False if no service manager wants messages; the others then do nothing.
  bool is_there() const { return !socket_.empty(); }
  // Within this time it must hear from us; nullopt if it does not watch.
  std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }

  void ready(std::string_view status) const;
  void status(std::string_view status) const;
  void alive() const;
  void stopping() const;

private:
  // Never blocks and never fails: a message that cannot be sent now is logged and dropped.
  void send(const std::string& message) const;

  std::string socket_;
  std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace labctl
