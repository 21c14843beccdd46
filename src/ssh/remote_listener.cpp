#include "ssh/remote_listener.hpp"

#include "ssh/answer.hpp"
#include "ssh/channel.hpp"
#include "ssh/session.hpp"

#include <libssh2.h>

#include <utility>

namespace labctl::ssh {
namespace {

// What OpenSSH's sshd says in debug messages.
bool says(const ListenRequests::Request& request, const char* words) {
  return request.heard.find(words) != std::string::npos;
}

Failure refusal(const ListenRequests::Request& request, const std::string& node) {
  const std::string at = to_string(request.at);
  if (says(request, "disabled port forwarding")) {
    std::string hint =
        "AllowTcpForwarding in sshd_config must be yes or remote; see also no-port-forwarding "
        "and restrict in authorized_keys";
    if (request.at.port < 1024) hint += "; and only root may listen at a port below 1024";
    return Failure(Cause::forwarding_denied, "sshd forbids remote forwards, so it does not listen at " + at,
                   node, hint);
  }
  if (says(request, "port forwarding refused") || says(request, "forwarding request denied")) {
    return Failure(Cause::forwarding_denied, "sshd forbids to listen at " + at, node,
                   "PermitListen in sshd_config, or permitlisten in authorized_keys, must name it");
  }
  return Failure(Cause::listen_failed, "sshd does not listen at " + at + " and gives no reason", node,
                 "is the port taken on the node? ss -ltn there shows it");
}

}  // namespace

RemoteListener::RemoteListener(std::shared_ptr<Session> session, LIBSSH2_LISTENER* raw)
    : session_(std::move(session)), raw_(raw) {
  session_->listeners_.push_back(this);
}

RemoteListener::~RemoteListener() { close(); }

asio::awaitable<std::shared_ptr<Channel>> RemoteListener::accept() {
  const auto self = shared_from_this();
  while (arrived_.empty() && raw_ != nullptr) co_await news_.wait();
  if (arrived_.empty()) co_return nullptr;
  auto channel = std::move(arrived_.front());
  arrived_.pop_front();
  co_return channel;
}

void RemoteListener::close() {
  if (raw_ == nullptr) return;
  std::erase(session_->listeners_, this);
  session_->closing_listeners_.push_back(std::exchange(raw_, nullptr));
  arrived_.clear();
  news_.notify();
  session_->serve_listeners();
  session_->called();
}

void RemoteListener::end() {
  raw_ = nullptr;
  arrived_.clear();
  news_.notify();
}

bool RemoteListener::serve() {
  bool moved = false;
  while (LIBSSH2_CHANNEL* channel = libssh2_channel_forward_accept(raw_)) {
    arrived_.push_back(std::make_shared<Channel>(session_, channel));
    moved = true;
  }
  if (moved) news_.notify();
  const int code = libssh2_session_last_errno(session_->raw_);
  if (code != LIBSSH2_ERROR_EAGAIN) session_->fail_call(code, "accepting a connection");
  return moved;
}

bool Session::serve_listeners() {
  if (failure_) return false;
  const auto served = listen_requests_.serve(raw_);
  if (served.error != 0) {
    fail_call(served.error, "asking sshd to listen");
    return false;
  }
  if (served.unwanted != nullptr) closing_listeners_.push_back(served.unwanted);
  bool moved = served.moved;
  for (std::size_t i = 0; i < listeners_.size(); ++i) moved |= listeners_[i]->serve();
  if (failure_) return moved;
  moved |= std::erase_if(closing_listeners_, [](LIBSSH2_LISTENER* listener) {
             return libssh2_channel_forward_cancel(listener) != LIBSSH2_ERROR_EAGAIN;
           }) > 0;
  return moved;
}

asio::awaitable<std::shared_ptr<RemoteListener>> Session::listen(Endpoint at, Deadline deadline) {
  const auto self = shared_from_this();
  if (failure_) throw *failure_;
  const auto request = std::make_shared<ListenRequests::Request>();
  request->at = std::move(at);
  listen_requests_.add(request);
  post_pump();
  LIBSSH2_LISTENER* raw = co_await answer_to<LIBSSH2_LISTENER>(request, socket_.get_executor(), deadline);
  if (failure_) throw *failure_;
  if (raw == nullptr && request->answered) throw refusal(*request, target_.name);
  if (raw == nullptr) {
    throw Failure(Cause::no_answer, "sshd does not answer the request to listen at " + to_string(request->at),
                  target_.name);
  }
  auto listener = std::make_shared<RemoteListener>(self, raw);
  // With GatewayPorts yes, sshd listens on all addresses whatever was asked for.
  if (says(*request, "overridden by server GatewayPorts") && request->at.host != "::") {
    listener->close();
    throw Failure(Cause::listen_public,
                  "sshd listens on all addresses instead of " + to_string(request->at) +
                      " (GatewayPorts yes), so other machines could connect; it was told to stop",
                  target_.name,
                  "set GatewayPorts to no or clientspecified in sshd_config; if other machines may connect, "
                  "listen at 0.0.0.0 with public: true");
  }
  co_return listener;
}

}  // namespace labctl::ssh
