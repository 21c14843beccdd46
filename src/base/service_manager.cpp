#include "base/service_manager.hpp"

#include "base/unique_fd.hpp"

#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace labctl {
namespace {

std::string taken(const char* variable) {
  const char* value = std::getenv(variable);
  std::string text = value != nullptr ? value : "";
  ::unsetenv(variable);
  return text;
}

std::optional<long long> number(const std::string& text) {
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The value of a variable is one line.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& letter : line) {
    if (letter == '\n' || letter == '\r') letter = ' ';
  }
  return line;
}

}  // namespace

ServiceManager ServiceManager::from_environment() {
  ServiceManager manager;
  manager.socket_ = taken("NOTIFY_SOCKET");
  const auto micros = number(taken("WATCHDOG_USEC"));
  const std::string pid = taken("WATCHDOG_PID");
  const bool ours = pid.empty() || number(pid) == ::getpid();
  if (micros && *micros > 0 && ours) manager.watchdog_ = std::chrono::microseconds(*micros);
  if (!manager.socket_.empty() && manager.socket_.front() != '/' && manager.socket_.front() != '@') {
    spdlog::warn("NOTIFY_SOCKET is neither a path nor an abstract name: {}", manager.socket_);
    manager.socket_.clear();
  }
  return manager;
}

void ServiceManager::ready(std::string_view status) const {
  send("READY=1\nSTATUS=" + one_line(status) + "\n");
}
void ServiceManager::status(std::string_view status) const { send("STATUS=" + one_line(status) + "\n"); }
void ServiceManager::alive() const { send("WATCHDOG=1\n"); }
void ServiceManager::stopping() const { send("STOPPING=1\n"); }

void ServiceManager::send(const std::string& message) const {
  if (!is_there()) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.size() >= sizeof address.sun_path) {
    spdlog::warn("NOTIFY_SOCKET is too long: {}", socket_);
    return;
  }
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  std::size_t size = offsetof(sockaddr_un, sun_path) + socket_.size();
  if (socket_.front() == '@') {
    address.sun_path[0] = '\0';  // abstract: its length counts, there is no terminating zero
  } else {
    ++size;
  }
  const UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd || ::sendto(fd.get(), message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                      reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(size)) < 0) {
    spdlog::warn("cannot tell the service manager at {}: {}", socket_, std::strerror(errno));
  }
}

}  // namespace labctl
