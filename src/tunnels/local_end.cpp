#include "tunnels/local_end.hpp"

#include "base/current_error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace labctl::tunnels {
namespace {

namespace fs = std::filesystem;
using ssh::Cause;
using ssh::Failure;

constexpr int backlog = 512;

Failure failed(const std::string& what, const std::string& where) {
  return Failure(Cause::local_failed, what + ": " + std::strerror(errno), where);
}

sockaddr_un address_of(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path) {
    throw Failure(Cause::local_failed, "is too long for a socket (107 characters at most)", path);
  }
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  return address;
}

// Ports below a limit of this network namespace are root's (ip-sysctl.rst: ip_unprivileged_port_start).
std::string low_port_hint() {
  const auto limit = trim(read_or_nothing("/proc/sys/net/ipv4/ip_unprivileged_port_start"));
  return (limit.empty() ? "low ports" : "ports below " + limit) +
         " are for root only: give the forward a higher one";
}

asio::ip::tcp::endpoint loopback(const Endpoint& end) {
  std::error_code error;
  auto address = asio::ip::make_address(end.host == "localhost" ? "127.0.0.1" : end.host, error);
  if (error || !address.is_loopback()) {
    throw Failure(Cause::local_failed, "is not a loopback address", to_string(end));
  }
  return {address, end.port};
}

}  // namespace

bool remove_stale_socket(const fs::path& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) {
    if (errno == ENOENT) return true;
    throw failed("cannot look at it", path);
  }
  if (!S_ISSOCK(found.st_mode)) {
    throw Failure(Cause::local_in_use, "exists and is not a socket", path, "move it away");
  }
  const UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const sockaddr_un address = address_of(path);
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      errno == EAGAIN) {
    throw Failure(Cause::local_in_use, "is in use by another process", path,
                  "end that program, or give the forward another local end");
  }
  if (errno != ECONNREFUSED) {
    throw Failure(Cause::local_in_use, std::string("cannot be checked: ") + std::strerror(errno), path);
  }
  if (found.st_uid != ::geteuid()) {
    throw Failure(Cause::local_in_use, "is a dead socket of another user", path, "remove it");
  }
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) throw failed("cannot remove the dead socket", path);
  return true;
}

LocalEnd::LocalEnd(asio::any_io_executor executor, const Endpoint& end) : name_(to_string(end)) {
  std::error_code error;
  if (!end.is_unix_socket()) {
    const auto endpoint = loopback(end);
    Tcp acceptor(executor);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(backlog, error);
    if (error == asio::error::address_in_use) {
      throw Failure(Cause::local_in_use, "is in use by another process", to_string(end),
                    "ss -ltnp 'sport = " + std::to_string(end.port) + "' shows who");
    }
    if (error) {
      throw Failure(Cause::local_failed, "cannot listen: " + error.message(), to_string(end),
                    error == asio::error::access_denied ? low_port_hint() : "");
    }
    acceptor_ = std::move(acceptor);
    return;
  }
  path_ = end.path;
  const sockaddr_un address = address_of(path_);
  try {
    if (!fs::exists(path_.parent_path())) make_private_dir(path_.parent_path());
  } catch (...) {
    const Error failure = current_error();
    throw Failure(Cause::local_failed, failure.what(), failure.where(), failure.hint());
  }
  remove_stale_socket(path_);
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  // bind() gives the file the mode that the socket has now, so the file never has wider permissions.
  if (!fd || ::fchmod(fd.get(), 0600) != 0) throw failed("cannot make a socket", path_);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == EADDRINUSE)
      throw Failure(Cause::local_in_use, "is in use: another process was faster", path_);
    throw failed("cannot make the socket", path_);
  }
  struct stat made {};
  if (::lstat(path_.c_str(), &made) == 0) {
    device_ = made.st_dev;
    inode_ = made.st_ino;
  }
  if (::listen(fd.get(), backlog) != 0) {
    const Failure failure = failed("cannot listen", path_);
    close();
    throw Failure(failure);
  }
  acceptor_ = Unix(executor, asio::local::stream_protocol(), fd.release());
}

LocalEnd::~LocalEnd() { close(); }

bool LocalEnd::in_place() const {
  if (path_.empty()) return true;
  struct stat found {};
  return ::lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_;
}

bool LocalEnd::is_open() const {
  if (const auto* tcp = std::get_if<Tcp>(&acceptor_)) return tcp->is_open();
  const auto* local = std::get_if<Unix>(&acceptor_);
  return local != nullptr && local->is_open();
}

void LocalEnd::close() {
  // Remove the file first: no client should find it and then be refused by a socket that is about to be
  // replaced.
  if (inode_ != 0 && in_place()) ::unlink(path_.c_str());
  inode_ = 0;
  std::error_code ignored;
  if (auto* tcp = std::get_if<Tcp>(&acceptor_)) tcp->close(ignored);
  if (auto* local = std::get_if<Unix>(&acceptor_)) local->close(ignored);
}

asio::awaitable<ssh::StreamSocket> LocalEnd::accept_once(std::error_code& error) {
  auto* tcp = std::get_if<Tcp>(&acceptor_);
  ssh::StreamSocket socket(tcp != nullptr ? tcp->get_executor() : std::get<Unix>(acceptor_).get_executor());
  if (tcp != nullptr) {
    co_await tcp->async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    std::error_code ignored;
    if (!error) socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  } else {
    co_await std::get<Unix>(acceptor_).async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
  }
  co_return socket;
}

asio::awaitable<std::optional<ssh::StreamSocket>> LocalEnd::accept(std::function<bool()> make_room) {
  const auto self = shared_from_this();
  bool told = false;
  while (is_open()) {
    std::error_code error;
    ssh::StreamSocket socket = co_await accept_once(error);
    if (!error) co_return std::move(socket);
    if (!is_open()) break;
    if (make_room && make_room()) continue;
    if (!std::exchange(told, true)) spdlog::warn("{}: cannot accept: {}", name_, error.message());
    asio::steady_timer pause(socket.get_executor(), std::chrono::milliseconds(50));
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
  co_return std::nullopt;
}

}  // namespace labctl::tunnels
