#pragma once

#include "ssh/completion.hpp"

#include <asio/awaitable.hpp>

#include <deque>
#include <memory>

struct _LIBSSH2_LISTENER;

namespace labctl::ssh {

class Channel;
class Session;

// A TCP address at which the node's sshd listens for us (Session::listen). Used on the session's thread only.
// The destructor tells sshd to stop. A coroutine in accept() shares ownership.
class RemoteListener : public std::enable_shared_from_this<RemoteListener> {
public:
  RemoteListener(std::shared_ptr<Session> session, _LIBSSH2_LISTENER* raw);
  ~RemoteListener();
  RemoteListener(const RemoteListener&) = delete;
  RemoteListener& operator=(const RemoteListener&) = delete;

  // The channel of the next connection; nullptr after close() and after the end of the session.
  asio::awaitable<std::shared_ptr<Channel>> accept();

  // Tells sshd to stop listening. Does not wait for the peer. Accepted channels go on.
  void close();

private:
  friend class Session;

  // Takes the connections that are there; true if there was one. For Session::pump().
  bool serve();
  // The session has ended.
  void end();

  std::shared_ptr<Session> session_;
  _LIBSSH2_LISTENER* raw_;  // nullptr once closed; libssh2 frees it with the session
  std::deque<std::shared_ptr<Channel>> arrived_;
  Notifier news_;
};

}  // namespace labctl::ssh
