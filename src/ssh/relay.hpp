#pragma once

#include "ssh/traffic.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/generic/stream_protocol.hpp>

#include <memory>
#include <utility>

namespace labctl::ssh {

class Channel;

using StreamSocket = asio::generic::stream_protocol::socket;  // TCP or unix

// Two ends of one connection within this process, closed at exec. Error{system} if no descriptors are left.
std::pair<StreamSocket, StreamSocket> connected_pair(const asio::any_io_executor& executor);

// Closes a connection so that its peer sees that it broke: TCP sends a reset. A unix socket has none; its
// peer reads EOF, or an error if it has sent bytes.
void reset(StreamSocket& socket);

// Copies bytes both ways between a local socket and a channel until both ends have sent EOF. Half-closes are
// forwarded (docker attach and exec need them).
class Relay : public std::enable_shared_from_this<Relay> {
public:
  Relay(StreamSocket local, std::shared_ptr<Traffic> traffic);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // The socket, for a handshake before run().
  StreamSocket& local() { return local_; }
  // Starts copying.
  void run(std::shared_ptr<ssh::Channel> channel);
  // Ends it now. The client at the socket sees a reset, so that it does not mistake truncated data for
  // complete data.
  void abort();
  // Ends it before run(): the client has received an answer, and now the end.
  void finish();

private:
  asio::awaitable<void> to_node();
  asio::awaitable<void> from_node();
  void side_done();

  StreamSocket local_;
  std::shared_ptr<ssh::Channel> channel_;
  std::shared_ptr<Traffic> traffic_;
  int sides_done_ = 0;
};

}  // namespace labctl::ssh
