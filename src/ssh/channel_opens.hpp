#pragma once

#include "base/endpoint.hpp"
#include "ssh/completion.hpp"
#include "ssh/failure.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

struct _LIBSSH2_SESSION;
struct _LIBSSH2_CHANNEL;

namespace labctl::ssh {

// The channel opens of one session (RFC 4254, section 5.1; OpenSSH's PROTOCOL, section 2.4, for unix
// sockets). All of them wait for the peer's answers at the same time, so a remote end that does not answer
// delays no other. This needs the patch "channel opens in parallel" of tools/libssh2, and for the peer's
// reasons the patch "description of a refused channel".
class ChannelOpens {
public:
  struct Request {
    Endpoint remote;
    bool plain = false;                   // a session channel
    Completion<_LIBSSH2_CHANNEL*> done;   // gets nullptr if there is no channel
    Cause cause = Cause::lost;            // why there is no channel
    std::string reason;                   // the peer's words for it, as "Connection refused"; may be ""
    bool abandoned = false;               // nobody waits for the result any more
    _LIBSSH2_CHANNEL* channel = nullptr;  // requested, not answered
  };

  void add(std::shared_ptr<Request> request) { waiting_.push_back(std::move(request)); }

  // Sends the requests that wait and takes the answers that are there. `moved` is true if either happened.
  // `error` is 0, or libssh2's code if the session cannot go on; `what` then says during what.
  // `unwanted` are channels that the peer opened after their request was abandoned: the caller closes them.
  struct Served {
    bool moved = false;
    int error = 0;
    const char* what = "";
    std::vector<_LIBSSH2_CHANNEL*> unwanted;
  };
  Served serve(_LIBSSH2_SESSION* session);

  // The session has ended: no request gets a channel. libssh2 frees the requested ones with the session.
  void end();

private:
  std::size_t unanswered_to(const Request& request) const;
  bool send(_LIBSSH2_SESSION* session, Served& served);
  bool take_answer(Request& request, _LIBSSH2_SESSION* session, Served& served);

  std::deque<std::shared_ptr<Request>> waiting_;
  std::shared_ptr<Request> sending_;  // libssh2 took a part of it and wants the rest first
  std::vector<std::shared_ptr<Request>> asked_;
};

}  // namespace labctl::ssh
