#include "http_load.hpp"

#include "base/error.hpp"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

namespace labctl::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

void watch(int epoll, int operation, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  ::epoll_ctl(epoll, operation, fd, &event);
}

UniqueFd connect_unix(const std::filesystem::path& path) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw system_error("cannot connect", path);
  }
  return fd;
}

}  // namespace

HttpServer::HttpServer()
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), stop_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), raw, size) != 0 || ::listen(listener_.get(), 512) != 0 ||
      ::getsockname(listener_.get(), raw, &size) != 0) {
    throw system_error("cannot listen on loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

HttpServer::~HttpServer() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto ignored = ::write(stop_.get(), &one, sizeof one);
  thread_.join();
}

void HttpServer::run() {
  struct Client {
    UniqueFd fd;
    std::uint64_t left = 0;  // of a big answer
    std::uint64_t due = 0;   // of an upload
  };
  const UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  watch(epoll.get(), EPOLL_CTL_ADD, listener_.get(), EPOLLIN);
  watch(epoll.get(), EPOLL_CTL_ADD, stop_.get(), EPOLLIN);
  std::map<int, Client> clients;
  const std::string block(256 * 1024, 'x');
  std::vector<char> sink(256 * 1024);
  std::array<epoll_event, 64> events{};
  while (true) {
    const int count = ::epoll_wait(epoll.get(), events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == stop_.get()) return;
      if (fd == listener_.get()) {
        UniqueFd fresh(::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        const int number = fresh.get();
        if (fresh) clients[number].fd = std::move(fresh);
        watch(epoll.get(), EPOLL_CTL_ADD, number, EPOLLIN);
        continue;
      }
      Client& client = clients[fd];
      bool alive = true;
      if (client.due > 0) {
        const ssize_t size = ::recv(fd, sink.data(), sink.size(), 0);
        alive = size > 0 || (size < 0 && errno == EAGAIN);
        client.due -= std::min(client.due, static_cast<std::uint64_t>(std::max<ssize_t>(size, 0)));
        if (alive && client.due == 0) ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
      } else if (client.left == 0) {
        std::array<char, 4096> buffer{};
        const ssize_t size = ::recv(fd, buffer.data(), buffer.size(), 0);
        alive = size > 0 || (size < 0 && errno == EAGAIN);
        if (size > 5 && buffer[0] == 'P') {
          const std::string_view text(buffer.data(), static_cast<std::size_t>(size));
          const auto data = text.size() - (text.find("\r\n\r\n") + 4);  // that came with the request
          client.due = std::strtoull(buffer.data() + 5, nullptr, 10) - data;
          continue;
        }
        if (size > 5) client.left = std::strtoull(buffer.data() + 5, nullptr, 10);
        if (size > 0 && client.left == 0) ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
        if (client.left > 0) watch(epoll.get(), EPOLL_CTL_MOD, fd, EPOLLOUT);
      } else {
        const ssize_t size =
            ::send(fd, block.data(), std::min<std::uint64_t>(block.size(), client.left), MSG_NOSIGNAL);
        if (size > 0) client.left -= static_cast<std::uint64_t>(size);
        alive = client.left > 0 && (size > 0 || errno == EAGAIN);
      }
      if (!alive) clients.erase(fd);
    }
  }
}

Load load(const std::filesystem::path& socket, std::size_t connections, bool fresh,
          std::chrono::milliseconds duration) {
  struct Client {
    UniqueFd fd;
    Clock::time_point asked;
  };
  const UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  std::map<int, Client> clients;
  auto start = [&] {
    Client client{connect_unix(socket), Clock::now()};
    const int fd = client.fd.get();
    ::send(fd, request.data(), request.size(), MSG_NOSIGNAL);
    clients[fd] = std::move(client);
    watch(epoll.get(), EPOLL_CTL_ADD, fd, EPOLLIN);
  };
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < connections; ++i) start();
  std::vector<Clock::duration> times;
  std::array<epoll_event, 64> events{};
  while (Clock::now() - begin < duration) {
    const int count = ::epoll_wait(epoll.get(), events.data(), events.size(), 1000);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      Client& client = clients[fd];
      std::array<char, 4096> buffer{};
      const ssize_t size = ::recv(fd, buffer.data(), buffer.size(), 0);
      if (size <= 0) throw Error(Kind::unreachable, "the tunnel ended a connection", socket);
      times.push_back(Clock::now() - client.asked);
      if (fresh) {
        clients.erase(fd);
        start();
      } else {
        client.asked = Clock::now();
        ::send(fd, request.data(), request.size(), MSG_NOSIGNAL);
      }
    }
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  Load result;
  result.per_second = static_cast<double>(times.size()) / seconds;
  if (!times.empty()) {
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    result.median = std::chrono::duration_cast<std::chrono::microseconds>(*middle);
  }
  return result;
}

namespace {

double mb_per_second(std::uint64_t bytes, Clock::time_point begin) {
  return static_cast<double>(bytes) / 1e6 / std::chrono::duration<double>(Clock::now() - begin).count();
}

void ask(const UniqueFd& fd, const std::string& method, std::uint64_t bytes) {
  const std::string text = method + " /" + std::to_string(bytes) + " HTTP/1.1\r\n\r\n";
  ::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

}  // namespace

double download(const std::filesystem::path& socket, std::uint64_t bytes) {
  const UniqueFd fd = connect_unix(socket);
  const auto begin = Clock::now();
  ask(fd, "GET", bytes);
  std::vector<char> buffer(256 * 1024);
  std::uint64_t total = 0;
  for (ssize_t size; (size = ::recv(fd.get(), buffer.data(), buffer.size(), 0)) > 0;) {
    total += static_cast<std::uint64_t>(size);
  }
  if (total < bytes) throw Error(Kind::unreachable, "the stream ended early", socket);
  return mb_per_second(total, begin);
}

double upload(const std::filesystem::path& socket, std::uint64_t bytes) {
  const UniqueFd fd = connect_unix(socket);
  const std::string block(256 * 1024, 'x');
  const auto begin = Clock::now();
  ask(fd, "PUT", bytes);
  for (std::uint64_t left = bytes; left > 0;) {
    const ssize_t size =
        ::send(fd.get(), block.data(), std::min<std::uint64_t>(block.size(), left), MSG_NOSIGNAL);
    if (size <= 0) throw Error(Kind::unreachable, "the stream ended early", socket);
    left -= static_cast<std::uint64_t>(size);
  }
  char last = 0;
  if (::recv(fd.get(), &last, 1, 0) != 1) throw Error(Kind::unreachable, "no answer to the upload", socket);
  return mb_per_second(bytes, begin);
}

}  // namespace labctl::bench
