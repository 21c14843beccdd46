#include "ssh/listen_requests.hpp"

#include <libssh2.h>

#include <utility>

namespace labctl::ssh {
namespace {

// libssh2 queues connections that are not accepted yet, without a limit; every pass takes all of them.
constexpr int no_limit = 0;

}  // namespace

void ListenRequests::hear(std::string_view debug_message) {
  if (!started_) return;
  auto& heard = waiting_.front()->heard;
  if (heard.size() < 4096) heard.append(debug_message).append("\n");
}

ListenRequests::Served ListenRequests::serve(LIBSSH2_SESSION* session) {
  Served served;
  while (!waiting_.empty() && served.unwanted == nullptr) {
    const auto request = waiting_.front();
    if (!started_ && request->abandoned) {
      waiting_.pop_front();
      continue;
    }
    started_ = true;
    LIBSSH2_LISTENER* listener = libssh2_channel_forward_listen_ex(session, request->at.host.c_str(),
                                                                   request->at.port, nullptr, no_limit);
    if (listener == nullptr) {
      const int code = libssh2_session_last_errno(session);
      if (code == LIBSSH2_ERROR_EAGAIN) return served;
      if (code != LIBSSH2_ERROR_REQUEST_DENIED) {
        served.error = code;
        return served;
      }
    }
    started_ = false;
    waiting_.pop_front();
    served.moved = true;
    request->answered = true;
    if (request->abandoned) {
      served.unwanted = listener;
    } else {
      request->done(listener);
    }
  }
  return served;
}

void ListenRequests::end() {
  started_ = false;
  for (auto& request : std::exchange(waiting_, {})) request->done(nullptr);
}

}  // namespace labctl::ssh
