#include "repeating_server.hpp"

#include "base/unique_fd.hpp"
#include "support/free_port.hpp"

#include <asio/generic/stream_protocol.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>
#include <thread>
#include <vector>

namespace labctl::test {
namespace {

asio::generic::stream_protocol::endpoint socket_address(const Endpoint& address) {
  if (address.is_unix_socket()) return asio::local::stream_protocol::endpoint(address.path);
  return asio::ip::tcp::endpoint(asio::ip::make_address(address.host), address.port);
}

bool send_all(int fd, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t count = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

std::string receive_all(int fd) {
  std::string bytes;
  std::vector<char> buffer(1 << 16);
  for (ssize_t count; (count = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0;)
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  return bytes;
}

void repeat(UniqueFd client) {
  send_all(client.get(), receive_all(client.get()));
  ::shutdown(client.get(), SHUT_WR);
}

}  // namespace

struct RepeatingServer::Running {
  UniqueFd listener;
  std::thread thread;
};

RepeatingServer::RepeatingServer() : RepeatingServer(Endpoint{"127.0.0.1", free_port(), {}}) {}

RepeatingServer::RepeatingServer(const Endpoint& address)
    : address_(address), running_(std::make_unique<Running>()) {
  const auto here = socket_address(address);
  UniqueFd& fd = running_->listener;
  fd = UniqueFd(::socket(here.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd.get(), here.data(), static_cast<socklen_t>(here.size())) != 0 || ::listen(fd.get(), 64) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot listen at " + to_string(address));
  running_->thread = std::thread([listener = fd.get()] {
    std::vector<std::thread> clients;
    while (true) {
      UniqueFd client(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
      if (!client) break;
      clients.emplace_back(repeat, std::move(client));
    }
    for (auto& client : clients) client.join();
  });
}

RepeatingServer::~RepeatingServer() {
  ::shutdown(running_->listener.get(), SHUT_RDWR);
  running_->thread.join();
  if (address_.is_unix_socket()) ::unlink(address_.path.c_str());
}

std::string random_bytes(std::size_t size) {
  std::mt19937_64 random(size);
  std::string bytes(size, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::string exchange(int fd, const std::string& bytes) {
  const UniqueFd owner(fd);
  if (!send_all(fd, bytes)) return "the connection broke while sending";
  ::shutdown(fd, SHUT_WR);
  return receive_all(fd);
}

}  // namespace labctl::test
