#include "base/connect.hpp"

#include "base/unique_fd.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace labctl {
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

std::optional<int> connect_tcp(const std::string& host, std::uint16_t port, Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return std::nullopt;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, ::freeaddrinfo);
  int best = ETIMEDOUT;
  for (const auto* address = addresses.get(); address != nullptr; address = address->ai_next) {
    const int error = try_connect(address->ai_addr, address->ai_addrlen, deadline);
    if (error == 0) return 0;
    if (error != ETIMEDOUT) best = error;
  }
  return best;
}

int connect_unix(const std::filesystem::path& socket, Deadline deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.native().size() >= sizeof address.sun_path) return ENAMETOOLONG;
  std::memcpy(address.sun_path, socket.c_str(), socket.native().size());
  return try_connect(reinterpret_cast<const sockaddr*>(&address), sizeof address, deadline);
}

}  // namespace labctl
