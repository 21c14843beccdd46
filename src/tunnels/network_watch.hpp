#pragma once

#include "tunnels/sleep_detector.hpp"

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>

#include <array>
#include <functional>
#include <string>

namespace labctl::tunnels {

// Notices that the way to the nodes may have changed: the machine woke up, or the kernel reports a change of
// links, addresses or routes (rtnetlink(7)). The content of the kernel's messages is not read: any message of
// these groups counts. Runs on one io_context; ends with its object.
class NetworkWatch {
public:
  // `changed` gets the reason for the log. Changes that follow each other within a second are one; there is
  // at most one call in five seconds, the last change is never lost.
  NetworkWatch(asio::io_context& io, std::function<void(const std::string& reason)> changed);

private:
  void open();
  void read();
  void look_at_clocks();
  void noticed(const std::string& reason);

  std::function<void(const std::string&)> changed_;
  asio::posix::stream_descriptor netlink_;
  std::array<char, 16 * 1024> buffer_{};
  asio::steady_timer look_;
  asio::steady_timer settle_;
  bool settling_ = false;
  std::string reason_;
  std::chrono::steady_clock::time_point last_call_{};
  SleepDetector detector_;
};

}  // namespace labctl::tunnels
