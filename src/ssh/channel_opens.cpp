#include "ssh/channel_opens.hpp"

#include "ssh/receive_window.hpp"
#include "ssh/wire.hpp"

#include <libssh2.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace labctl::ssh {
namespace {

// The most requests to one remote end that wait for an answer. One that never answers may not make sshd hold
// any number of connections; more requests wait here until their deadline.
constexpr std::size_t unanswered_limit = 64;

constexpr unsigned int packet = LIBSSH2_CHANNEL_PACKET_DEFAULT;

LIBSSH2_CHANNEL* request_channel(LIBSSH2_SESSION* session, const ChannelOpens::Request& request) {
  std::string_view type = "session";
  WireWriter message;
  if (!request.plain && request.remote.is_unix_socket()) {
    type = "direct-streamlocal@openssh.com";
    message.string(request.remote.path);
    message.string({});  // reserved
    message.u32(0);      // reserved
  } else if (!request.plain) {
    type = "direct-tcpip";
    message.string(request.remote.host);
    message.u32(request.remote.port);
    message.string("127.0.0.1");  // where the connection comes from; sshd only logs it
    message.u32(0);
  }
  const auto& bytes = message.bytes();
  return libssh2_channel_open_request(session, type.data(), static_cast<unsigned int>(type.size()),
                                      ReceiveWindow::first, packet, bytes.data(),
                                      static_cast<unsigned int>(bytes.size()));
}

// What OpenSSH's sshd says if the remote end cannot be reached at all: strerror() and gai_strerror() in
// English. A busy or absent server is "Connection refused", or "No such file or directory" for a unix socket.
bool names_no_way(std::string_view reason) {
  constexpr std::array words{"No route to host",           "Network is unreachable",
                             "Connection timed out",       "Host is unreachable",
                             "Name or service not known",  "No address associated",
                             "failure in name resolution", "nknown host"};
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return reason.find(word) != std::string_view::npos; });
}

}  // namespace

std::size_t ChannelOpens::unanswered_to(const Request& request) const {
  return static_cast<std::size_t>(std::count_if(asked_.begin(), asked_.end(), [&](const auto& other) {
    return other->plain == request.plain && other->remote == request.remote;
  }));
}

// Sends `sending_`. False if libssh2 can send no more now.
bool ChannelOpens::send(LIBSSH2_SESSION* session, Served& served) {
  sending_->channel = request_channel(session, *sending_);
  if (sending_->channel == nullptr) {
    const int code = libssh2_session_last_errno(session);
    if (code != LIBSSH2_ERROR_EAGAIN) served.error = code;
    served.what = "requesting a channel";
    return false;
  }
  asked_.push_back(std::exchange(sending_, nullptr));
  served.moved = true;
  return true;
}

// False if there is no answer yet.
bool ChannelOpens::take_answer(Request& request, LIBSSH2_SESSION* session, Served& served) {
  const int code = libssh2_channel_open_answer(request.channel);
  if (code == LIBSSH2_ERROR_EAGAIN) return false;
  if (code == 0) {
    if (request.abandoned) {
      served.unwanted.push_back(request.channel);
    } else {
      request.done(request.channel);
    }
    return true;
  }
  if (code != LIBSSH2_ERROR_CHANNEL_FAILURE) {
    served.error = code;
    served.what = "opening a channel";
    return false;
  }
  if (!request.abandoned) {
    char* text = nullptr;
    libssh2_session_last_error(session, &text, nullptr, 0);
    const std::string_view said = text == nullptr ? "" : text;
    constexpr auto none = std::string_view::npos;
    if (const auto colon = said.find("): "); colon != none) request.reason = said.substr(colon + 3);
    request.cause = said.find("administratively prohibited") != none ? Cause::forwarding_denied
                    : names_no_way(request.reason)                   ? Cause::target_unreachable
                                                                     : Cause::target_refused;
    request.done(nullptr);
  }
  return true;
}

ChannelOpens::Served ChannelOpens::serve(LIBSSH2_SESSION* session) {
  Served served;
  bool more = sending_ == nullptr || send(session, served);
  for (auto at = waiting_.begin(); more && at != waiting_.end();) {
    if (!(*at)->abandoned && unanswered_to(**at) >= unanswered_limit) {
      ++at;
      continue;
    }
    auto request = *at;
    at = waiting_.erase(at);
    if (request->abandoned) continue;
    sending_ = std::move(request);
    more = send(session, served);
  }
  std::erase_if(asked_, [&](const auto& request) {
    if (served.error != 0 || !take_answer(*request, session, served)) return false;
    served.moved = true;
    return true;
  });
  return served;
}

void ChannelOpens::end() {
  if (sending_) waiting_.push_back(std::exchange(sending_, nullptr));
  for (auto& request : std::exchange(waiting_, {})) request->done(nullptr);
  for (auto& request : std::exchange(asked_, {})) request->done(nullptr);
}

}  // namespace labctl::ssh
