#pragma once

#include "ssh/completion.hpp"
#include "ssh/receive_window.hpp"

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>

#include <memory>
#include <system_error>

struct _LIBSSH2_CHANNEL;

namespace labctl::ssh {

class Session;

// One stream through a session. Used on the session's thread only. At most one read and one write at a time.
class Channel {
public:
  Channel(std::shared_ptr<Session> session, _LIBSSH2_CHANNEL* raw);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Reads the available bytes, at least one. `error` is asio::error::eof after the peer's last byte, or the
  // reason why the channel cannot be read.
  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into, std::error_code& error);

  // Writes all of it; a peer that does not read blocks only this channel.
  asio::awaitable<void> write(asio::const_buffer from, std::error_code& error);

  // Sends EOF: nothing more will be written. Reading continues.
  void send_eof();

  // Ends the channel: pending operations complete with asio::error::operation_aborted. Does not wait for the
  // peer.
  void close();

private:
  friend class Session;

  // Tries the pending operations; true if one made progress. For Session::pump().
  bool serve();
  void fail(std::error_code error);
  bool serve_read();
  bool serve_write();
  // Lets the receive window grow, if it limits the stream.
  void widen(std::size_t taken);

  std::shared_ptr<Session> session_;
  _LIBSSH2_CHANNEL* raw_;

  Completion<std::error_code, std::size_t> read_done_;
  asio::mutable_buffer read_into_;
  Completion<std::error_code> write_done_;
  asio::const_buffer write_from_;
  bool eof_wanted_ = false;
  ReceiveWindow window_;
  bool window_wanted_ = false;  // libssh2 has not taken its limit yet
};

}  // namespace labctl::ssh
