#pragma once

#include "base/endpoint.hpp"
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
// without a listener (of a dead daemon) is replaced; a live socket or any other file is never replaced. The
// destructor removes the file if it is still ours. A coroutine in accept() shares ownership.
class LocalEnd : public std::enable_shared_from_this<LocalEnd> {
public:
  // Failure: local_in_use, local_failed.
  LocalEnd(asio::any_io_executor executor, const Endpoint& endpoint);
  ~LocalEnd();
  LocalEnd(const LocalEnd&) = delete;
  LocalEnd& operator=(const LocalEnd&) = delete;

  // The next connection; nullopt once closed. If descriptors or memory run out (EMFILE, ENOBUFS, ...), the
  // client stays in the backlog and accept is retried: at once if `make_room` returns true because it freed
  // something, else after a pause, because there is no event for resources freed elsewhere.
  asio::awaitable<std::optional<ssh::StreamSocket>> accept(std::function<bool()> make_room = nullptr);
  // Stops listening: removes the file; clients get connection refused.
  void close();
  // False if the socket file was removed or replaced.
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

// Removes a socket file without a listener. True if the path is free now. Failure{local_in_use} for anything
// else.
bool remove_stale_socket(const std::filesystem::path& path);

}  // namespace labctl::tunnels
