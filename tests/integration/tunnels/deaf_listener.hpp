#pragma once

#include "base/unique_fd.hpp"

#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>

namespace labctl::test {

// A loopback listener that never accepts: the kernel accepts `backlog` connections, and nobody reads them.
struct DeafListener {
  explicit DeafListener(int backlog) : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    BOOST_REQUIRE(::bind(fd.get(), raw, size) == 0 && ::listen(fd.get(), backlog) == 0 &&
                  ::getsockname(fd.get(), raw, &size) == 0);
    port = ntohs(address.sin_port);
  }

  UniqueFd fd;
  sockaddr_in address{};
  std::uint16_t port = 0;
};

}  // namespace labctl::test
