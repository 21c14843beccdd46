#pragma once

#include "base/unique_fd.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/socket.h>
#include <sys/un.h>

#include <filesystem>

namespace labctl::test {

// A unix socket that listens at the path. Until somebody accepts, the kernel queues `backlog` + 1
// connections.
inline UniqueFd listen_at(const std::filesystem::path& path, int backlog = 1) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  BOOST_REQUIRE(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  BOOST_REQUIRE(::listen(fd.get(), backlog) == 0);
  return fd;
}

}  // namespace labctl::test
