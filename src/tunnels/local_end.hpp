#pragma once

#include "inventory/inventory.hpp"
#include "ssh/failure.hpp"
#include "ssh/relay.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <variant>

namespace labctl::tunnels {

// A listening local end of a forward: a loopback TCP port, or a unix socket with mode 0600. A socket file
// that nobody listens on (of a daemon that died) is replaced; a live socket, and any other file, never. The
// destructor removes the file, if it is still ours. Whoever waits in accept() owns it too.
class LocalEnd : public std::enable_shared_from_this<LocalEnd> {
public:
  // Failure: local_in_use, local_failed.
  LocalEnd(asio::any_io_executor executor, const inventory::Endpoint& endpoint);
  ~LocalEnd();
  LocalEnd(const LocalEnd&) = delete;
  LocalEnd& operator=(const LocalEnd&) = delete;

  // The next connection; nullopt once closed. While there are no descriptors or memory for one (EMFILE,
  // ENOBUFS, ...) the client waits in the backlog and it is tried again: at once if `make_room` says that it
  // let something go, else after a pause, since nothing tells when somebody else lets go.
  asio::awaitable<std::optional<ssh::StreamSocket>> accept(std::function<bool()> make_room = nullptr);
  // No more connections: the file goes, connect() is refused from now on.
  void close();
  // False if somebody removed or replaced the socket file.
  bool in_place() const;

private:
  bool is_open() const;
  asio::awaitable<ssh::StreamSocket> accept_once(std::error_code& error);

  using Tcp = asio::ip::tcp::acceptor;
  using Unix = asio::local::stream_protocol::acceptor;

  std::variant<std::monostate, Tcp, Unix> acceptor_;
  std::string name_;  // for messages
  std::filesystem::path path_;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
};

// Removes a socket file that nobody listens on. True if the path is free now. Failure{local_in_use} if it is
// anything else.
bool remove_stale_socket(const std::filesystem::path& path);

}  // namespace labctl::tunnels
