#pragma once

#include "base/unique_fd.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace labctl::test {

// TCP ports of 127.0.0.1 in blocks. A process has its blocks for as long as it runs, by a socket in the
// abstract namespace for each, so that two test programs never choose the same port.
class PortBlocks {
public:
  // The next port of the process, which may be in use by another program.
  std::uint16_t next() {
    const std::lock_guard lock(mutex_);
    if (used_ == size) {
      block_ = claim();
      used_ = 0;
    }
    return static_cast<std::uint16_t>(first + block_ * size + used_++);
  }

private:
  // All below the ports that Linux gives to outgoing connections (ip_local_port_range in ip(7), from 32768
  // on), which the connections of other tests take all the time.
  static constexpr unsigned first = 15000;
  static constexpr unsigned size = 128;
  static constexpr unsigned count = (32768 - first) / size;

  unsigned claim() {
    const auto start = std::random_device{}();
    for (unsigned tries = 0; tries < count; ++tries) {
      const unsigned block = (start + tries) % count;
      const std::string name = fmt::format("labctl-test-ports-{}", block);
      UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      name.copy(address.sun_path + 1, sizeof address.sun_path - 1);
      const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
      if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), length) != 0) continue;
      claims_.push_back(std::move(fd));
      return block;
    }
    throw std::runtime_error("no free block of ports");
  }

  std::mutex mutex_;
  std::vector<UniqueFd> claims_;
  unsigned block_ = 0;
  unsigned used_ = size;
};

// A TCP port of 127.0.0.1 on which nothing listens, and which no other test takes.
inline std::uint16_t free_port() {
  static PortBlocks blocks;
  for (int tries = 0; tries < 1000; ++tries) {
    const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(blocks.next());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
      return ntohs(address.sin_port);
  }
  throw std::runtime_error("no free port");
}

}  // namespace labctl::test
