#pragma once

#include "base/endpoint.hpp"
#include "ssh/completion.hpp"

#include <deque>
#include <memory>
#include <string>
#include <string_view>

struct _LIBSSH2_SESSION;
struct _LIBSSH2_LISTENER;

namespace labctl::ssh {

// The requests of one session that sshd should listen at a TCP address (RFC 4254, section 7.1), one at a
// time. sshd's answer has no reason, but OpenSSH sends debug messages before it (serverloop.c and
// channels.c).
class ListenRequests {
public:
  struct Request {
    Endpoint at;
    Completion<_LIBSSH2_LISTENER*> done;  // gets nullptr if sshd does not listen
    bool abandoned = false;               // nobody waits for the result any more
    bool answered = false;
    std::string heard;  // sshd's debug messages while the request was served
  };

  void add(std::shared_ptr<Request> request) { waiting_.push_back(std::move(request)); }
  void hear(std::string_view debug_message);

  // Sends requests and takes answers. `error` is 0, or libssh2's code if the session cannot go on. `unwanted`
  // is a listener whose request was abandoned: the caller closes it.
  struct Served {
    bool moved = false;
    int error = 0;
    _LIBSSH2_LISTENER* unwanted = nullptr;
  };
  Served serve(_LIBSSH2_SESSION* session);

  // The session has ended: no request gets a listener.
  void end();

private:
  std::deque<std::shared_ptr<Request>> waiting_;
  bool started_ = false;  // the first one is sent
};

}  // namespace labctl::ssh
