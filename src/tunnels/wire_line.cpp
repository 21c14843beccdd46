#include "tunnels/wire_line.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace labctl::tunnels {

bool send_line(int socket, const std::string& line) {
  const std::string text = line + "\n";
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t count = ::send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string receive_line(int socket, Deadline deadline) {
  std::string text;
  while (true) {
    throw_if_interrupted();
    std::array<pollfd, 2> wait{pollfd{socket, POLLIN, 0}, pollfd{interrupt_fd(), POLLIN, 0}};
    const int ready = ::poll(wait.data(), wait.size(), static_cast<int>(deadline.left().count()));
    if (ready < 0 && errno != EINTR) throw system_error("cannot wait for the tunnel daemon");
    if (ready == 0) {
      throw Error(Kind::timeout, fmt_seconds("the tunnel daemon did not answer within", deadline.budget()));
    }
    if (ready < 0 || wait[0].revents == 0) continue;
    std::array<char, 65536> buffer;
    const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) throw Error(Kind::unreachable, "the tunnel daemon ended without an answer");
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (const auto end = text.find('\n'); end != std::string::npos) return text.substr(0, end);
  }
}

}  // namespace labctl::tunnels
