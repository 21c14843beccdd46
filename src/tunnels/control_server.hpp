#pragma once

#include "base/unique_fd.hpp"
#include "tunnels/control.hpp"
#include "tunnels/local_end.hpp"
#include "tunnels/supervisor.hpp"

#include <asio/io_context.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace labctl::tunnels {

// The control socket of a daemon: one request per line, one reply per line. Requests before start() wait.
// Keeps a spare descriptor, so that clients can still query and stop the daemon when connections have used up
// all others.
class ControlServer {
public:
  ControlServer(asio::io_context& io, const std::filesystem::path& socket, Supervisor& supervisor);
  ~ControlServer();

  // False if the socket file was removed or replaced; reopen() recreates it. Failure as LocalEnd.
  bool in_place() const { return !end_ || end_->in_place(); }
  void reopen();

  // The daemon is up: starts answering.
  void start();
  // Called on a `down` request; the reply is sent by reply_to_down().
  void on_down(std::function<void()> callback) { on_down_ = std::move(callback); }
  // Removes the socket file.
  void stop_accepting();
  // As stop_accepting(), and closes every client connection.
  void close();
  // Replies to the `down` requests: everything is closed. Blocking; call it after io_context::run().
  void reply_to_down();

private:
  struct Client;

  asio::awaitable<void> accept(std::shared_ptr<LocalEnd> end);
  asio::awaitable<void> attend(std::shared_ptr<Client> client);
  void keep_spare();
  asio::awaitable<void> serve(std::shared_ptr<Client> client);
  asio::awaitable<Reply> answer(const Request& request);
  asio::awaitable<Reply> ready(const Request& request);
  asio::awaitable<void> wait_change(std::uint64_t newer_than, std::chrono::milliseconds limit);

  asio::io_context& io_;
  std::filesystem::path path_;
  Supervisor& supervisor_;
  std::shared_ptr<LocalEnd> end_;
  UniqueFd spare_;
  ssh::Notifier started_;
  bool is_started_ = false;
  ssh::Notifier change_;
  std::function<void()> on_down_;
  std::vector<std::shared_ptr<Client>> asked_down_;
  std::vector<std::weak_ptr<Client>> clients_;
};

}  // namespace labctl::tunnels
