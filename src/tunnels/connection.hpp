#pragma once

#include "tunnels/local_end.hpp"
#include "tunnels/traffic.hpp"

#include <asio/awaitable.hpp>

#include <memory>

namespace labctl::ssh {
class Channel;
}

namespace labctl::tunnels {

// A local client and its channel: carries bytes both ways until both ends have said their last, passing on
// half-closes (docker attach and exec live on them).
class Connection : public std::enable_shared_from_this<Connection> {
public:
  Connection(LocalSocket local, std::shared_ptr<Traffic> traffic);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Starts carrying.
  void run(std::shared_ptr<ssh::Channel> channel);
  // Ends it now. The client sees a reset, so that it cannot take what it got for the whole.
  void abort();

private:
  asio::awaitable<void> to_node();
  asio::awaitable<void> from_node();
  void side_done();

  LocalSocket local_;
  std::shared_ptr<ssh::Channel> channel_;
  std::shared_ptr<Traffic> traffic_;
  int sides_done_ = 0;
};

}  // namespace labctl::tunnels
