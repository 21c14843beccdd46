#pragma once

#include "base/unique_fd.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>

namespace labctl::test {

// A service manager's socket, as NOTIFY_SOCKET names it: a path, or an abstract name after '@'.
class NotifySocket {
public:
  explicit NotifySocket(const std::string& name) : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    if (::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0)
      throw std::runtime_error("cannot bind " + name);
  }

  // The next message; "" if none comes within the limit.
  std::string receive(std::chrono::milliseconds limit) const {
    pollfd wait{fd_.get(), POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(limit.count())) <= 0) return "";
    std::array<char, 4096> text{};
    const ssize_t size = ::recv(fd_.get(), text.data(), text.size(), 0);
    return {text.data(), static_cast<std::size_t>(size > 0 ? size : 0)};
  }

private:
  UniqueFd fd_;
};

}  // namespace labctl::test
