#include "tunnels/network_watch.hpp"

#include "base/error.hpp"

#include <asio/buffer.hpp>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace labctl::tunnels {
namespace {

constexpr auto clock_interval = std::chrono::seconds(2);
constexpr auto settle_time = std::chrono::seconds(1);
constexpr auto least_distance = std::chrono::seconds(5);

std::chrono::nanoseconds read_clock(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

SleepDetector::Reading read_clocks() {
  return {.boot = read_clock(CLOCK_BOOTTIME), .monotonic = read_clock(CLOCK_MONOTONIC)};
}

}  // namespace

NetworkWatch::NetworkWatch(asio::io_context& io, std::function<void(const std::string&)> changed)
    : changed_(std::move(changed)),
      netlink_(io),
      look_(io),
      settle_(io),
      detector_(read_clocks(), clock_interval) {
  open();
  look_at_clocks();
}

void NetworkWatch::open() {
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups =
      RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    spdlog::warn("changes of the network are not noticed at once: netlink: {}", std::strerror(errno));
    if (fd >= 0) ::close(fd);
    return;
  }
  netlink_.assign(fd);
  read();
}

void NetworkWatch::read() {
  netlink_.async_read_some(asio::buffer(buffer_), [this](std::error_code error, std::size_t) {
    if (error == asio::error::operation_aborted) return;
    // ENOBUFS: more changes than the socket could hold. They are changes all the same.
    if (error && error.value() != ENOBUFS) {
      spdlog::warn("changes of the network are not noticed any more: netlink: {}", error.message());
      return;
    }
    noticed("the network has changed");
    read();
  });
}

void NetworkWatch::look_at_clocks() {
  look_.expires_after(clock_interval);
  look_.async_wait([this](std::error_code error) {
    if (error) return;
    if (detector_.woke(read_clocks())) noticed("the machine or the daemon was asleep");
    look_at_clocks();
  });
}

void NetworkWatch::noticed(const std::string& reason) {
  reason_ = reason;
  if (settling_) return;
  settling_ = true;
  settle_.expires_at(std::max(std::chrono::steady_clock::now() + settle_time, last_call_ + least_distance));
  settle_.async_wait([this](std::error_code error) {
    if (error) return;
    settling_ = false;
    last_call_ = std::chrono::steady_clock::now();
    changed_(reason_);
  });
}

}  // namespace labctl::tunnels
