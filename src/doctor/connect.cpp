#include "doctor/connect.hpp"

#include "base/unique_fd.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace labctl::doctor {
namespace {

int try_connect(const sockaddr* address, socklen_t size, Deadline deadline) {
  const UniqueFd socket(::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return errno;
  if (::connect(socket.get(), address, size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd wait{socket.get(), POLLOUT, 0};
  if (::poll(&wait, 1, static_cast<int>(deadline.left().count())) <= 0) return ETIMEDOUT;
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

}  // namespace

int try_connect(const inventory::Endpoint& local_end, Deadline deadline) {
  if (local_end.type == inventory::Endpoint::Type::unix_socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, local_end.path.c_str(), sizeof address.sun_path - 1);
    return try_connect(reinterpret_cast<const sockaddr*>(&address), sizeof address, deadline);
  }
  // Local TCP ends are loopback, so there is no name to resolve but localhost.
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET6, local_end.host.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(local_end.port);
    return try_connect(reinterpret_cast<const sockaddr*>(&v6), sizeof v6, deadline);
  }
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(local_end.port);
  if (::inet_pton(AF_INET, local_end.host.c_str(), &v4.sin_addr) != 1)
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return try_connect(reinterpret_cast<const sockaddr*>(&v4), sizeof v4, deadline);
}

bool tcp_answers(const std::string& host, std::uint16_t port, Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return true;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, ::freeaddrinfo);
  for (const auto* address = addresses.get(); address != nullptr; address = address->ai_next) {
    if (try_connect(address->ai_addr, address->ai_addrlen, deadline) != ETIMEDOUT) return true;
  }
  return false;
}

}  // namespace labctl::doctor
