#pragma once

#include "base/unique_fd.hpp"
#include "http/client.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace labctl::test {

struct FakeRequest {
  std::string method;
  std::string target;
  std::string head;  // request line and headers
  std::string body;
};

// One connection of a FakeServer; the handler may write any bytes.
class FakeConnection {
public:
  explicit FakeConnection(int fd) : fd_(fd) {}

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void reply(int status, std::string_view body, std::string_view headers = "") const {
    write(fmt::format("HTTP/1.1 {} Some\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), headers,
                      body));
  }
  // The next line that the client writes, without its line end; "" when the client closes its end.
  std::string read_line() const {
    std::string line;
    char byte;
    while (::recv(fd_, &byte, 1, 0) > 0) {
      if (byte == '\n') return line;
      line += byte;
    }
    return "";
  }
  // Returns when the client closes its end.
  void wait_closed() const {
    char byte;
    while (::recv(fd_, &byte, 1, 0) > 0) {
    }
  }

private:
  int fd_;
};

// A real HTTP/1.1 server on loopback or a unix socket, for tests of clients. Each connection has a thread,
// which calls the handler; the handler returns whether the connection stays open.
class FakeServer {
public:
  using Handler = std::function<bool(const FakeRequest&, const FakeConnection&)>;

  explicit FakeServer(Handler handler, const std::string& unix_path = "") : handler_(std::move(handler)) {
    if (unix_path.empty()) {
      listen_tcp();
    } else {
      listen_unix(unix_path);
    }
    acceptor_ = std::thread([this] { accept_all(); });
  }

  ~FakeServer() {
    stopping_ = true;
    ::shutdown(listener_.get(), SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const auto& fd : connections_) ::shutdown(fd.get(), SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
  }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  const Endpoint& address() const { return address_; }
  int connections() const { return accepted_; }

private:
  void listen_tcp() {
    listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), raw, size) != 0 || ::listen(listener_.get(), 512) != 0 ||
        ::getsockname(listener_.get(), raw, &size) != 0) {
      throw std::runtime_error("no loopback listener");
    }
    address_.host = "127.0.0.1";
    address_.port = ntohs(address.sin_port);
  }

  void listen_unix(const std::string& path) {
    listener_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_.get(), 512) != 0) {
      throw std::runtime_error("no unix listener");
    }
    address_ = Endpoint::unix_socket(path);
  }

  void accept_all() {
    while (true) {
      UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!fd || stopping_) return;
      ++accepted_;
      const int number = fd.get();
      const std::lock_guard lock(mutex_);
      connections_.push_back(std::move(fd));
      threads_.emplace_back([this, number] {
        serve(number);
        ::shutdown(number, SHUT_RDWR);
      });
    }
  }

  void serve(int fd) {
    std::string buffer;
    const auto more = [&] {
      char bytes[4096];
      const ssize_t count = ::recv(fd, bytes, sizeof bytes, 0);
      if (count > 0) buffer.append(bytes, static_cast<std::size_t>(count));
      return count > 0;
    };
    while (true) {
      std::size_t end;
      while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
        if (!more()) return;
      }
      FakeRequest request;
      request.head = buffer.substr(0, end + 2);
      buffer.erase(0, end + 4);
      const auto space = request.head.find(' ');
      request.method = request.head.substr(0, space);
      request.target = request.head.substr(space + 1, request.head.find(' ', space + 1) - space - 1);
      std::size_t length = 0;
      if (const auto at = request.head.find("Content-Length: "); at != std::string::npos) {
        length = std::stoul(request.head.substr(at + 16));
      }
      while (buffer.size() < length) {
        if (!more()) return;
      }
      request.body = buffer.substr(0, length);
      buffer.erase(0, length);
      if (!handler_(request, FakeConnection(fd))) return;
    }
  }

  Handler handler_;
  UniqueFd listener_;
  Endpoint address_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> accepted_{0};
  std::mutex mutex_;
  std::vector<UniqueFd> connections_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace labctl::test
