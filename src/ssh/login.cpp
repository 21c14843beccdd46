#include "ssh/login.hpp"

#include "base/text.hpp"
#include "ssh/algorithms.hpp"
#include "ssh/current_failure.hpp"
#include "ssh/known_hosts.hpp"

#include <asio/steady_timer.hpp>
#include <libssh2.h>

#include <algorithm>

namespace labctl::ssh {
asio::awaitable<std::shared_ptr<Session>> Session::login(Target target, Deadline deadline,
                                                         std::weak_ptr<Session>* started,
                                                         std::shared_ptr<int> reached) {
  std::shared_ptr<Session> session(new Session(co_await asio::this_coro::executor, std::move(target)));
  if (started != nullptr) *started = session;
  Login login(std::move(session), std::move(reached));
  co_return co_await login.run(deadline);
}

Failure Login::failure(Cause cause, const std::string& what, std::string hint) const {
  return Failure(cause, what, session_->target_.name, std::move(hint));
}

const std::string& Login::known_host() const {
  const Target& target = session_->target_;
  return target.host_key_alias.empty() ? target.host : target.host_key_alias;
}

std::uint16_t Login::known_port() const {
  const Target& target = session_->target_;
  return target.host_key_alias.empty() ? target.port : 22;
}

std::string Login::place() const {
  const Target& target = session_->target_;
  return target.host + (target.port == 22 ? "" : " port " + std::to_string(target.port));
}

asio::awaitable<HostKey> Session::host_key(Target target, Deadline deadline) {
  std::shared_ptr<Session> session(new Session(co_await asio::this_coro::executor, std::move(target)));
  Login login(std::move(session));
  co_return co_await login.host_key(deadline);
}

asio::awaitable<std::shared_ptr<Session>> Login::run(Deadline deadline) {
  co_await go(Until::login, deadline);
  session_->serving_ = true;
  co_return session_;
}

void Login::end_at(asio::steady_timer& timer, Deadline deadline, std::string hint) {
  timer.expires_at(deadline.at());
  timer.async_wait([session = std::weak_ptr(session_), stage = stage_, place = place(), deadline,
                    hint = std::move(hint)](std::error_code error) {
    auto alive = session.lock();
    if (error || !alive) return;
    // A login to a jump host that is still in progress has the same deadline and a more precise message.
    if (const auto jump = alive->jump_attempt_.lock(); jump && !alive->jump_ && !jump->failure_) return;
    const auto seconds = std::chrono::duration<double>(deadline.elapsed()).count();
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", seconds);
    alive->close(Failure(Cause::no_answer,
                         "no answer from " + place + " within " + text + " (" + *stage + ")",
                         alive->target_.name, hint));
  });
}

asio::awaitable<void> Login::go(Until end, Deadline deadline) {
  asio::steady_timer timer(session_->executor());
  end_at(timer, deadline, "is the node up, and reachable from here?");
  asio::steady_timer connect_timer(session_->executor());
  if (const int seconds = session_->target_.connect_timeout; seconds > 0) {
    end_at(connect_timer, Deadline::in(std::chrono::seconds(seconds)),
           "the ssh configuration says ConnectTimeout " + std::to_string(seconds));
  }
  try {
    // Local files first: a missing key is reported without opening a connection.
    load_known_hosts();
    if (end == Until::login) {
      load_certificates();
      load_identities();
    }
    co_await connect(deadline);
    if (reached_ && session_->proxy_command_ == nullptr) ++*reached_;
    co_await handshake();
    if (reached_ && session_->proxy_command_ != nullptr) ++*reached_;
    connect_timer.cancel();
    if (end == Until::host_key) co_return;
    check_host_key();
    co_await authenticate(deadline);
  } catch (...) {
    const Failure failure = current_failure(session_->target_.name);
    session_->close(failure);
    // The message names the stage: losing the connection during login means something else than losing it
    // later.
    throw Failure(
        failure.cause(),
        failure.cause() == Cause::lost ? std::string(failure.what()) + " during " + *stage_ : failure.what(),
        session_->target_.name, failure.hint(), failure.key_file());
  }
}

void Login::load_known_hosts() {
  for (const auto& path : session_->target_.known_hosts) {
    try {
      known_hosts_.add_file(path);
    } catch (const Error& error) {
      throw failure(Cause::host_key_unknown, "cannot read known_hosts " + error.line(), error.hint());
    }
  }
}

std::string Login::last_error() const {
  char* text = nullptr;
  libssh2_session_last_error(session_->raw_, &text, nullptr, 0);
  return text != nullptr ? text : "";
}

void Login::hear_farewell(LIBSSH2_SESSION*, int, const char* text, int size, const char*, int,
                          void** abstract) {
  auto& words = static_cast<Session*>(*abstract)->farewell_;
  words = "no reason";
  if (text != nullptr && size > 0)
    words.assign(text, std::min<std::size_t>(static_cast<std::size_t>(size), 200));
}

asio::awaitable<void> Login::handshake() {
  *stage_ = "the SSH handshake";
  LIBSSH2_SESSION* raw = session_->raw_;
  libssh2_session_callback_set2(raw, LIBSSH2_CALLBACK_DISCONNECT,
                                reinterpret_cast<libssh2_cb_generic*>(&Login::hear_farewell));
  const Target& target = session_->target_;
  try {
    offer_algorithms(raw, target.algorithms, known_hosts_.key_types(known_host(), known_port()),
                     known_hosts_.certificates_matter(known_host(), known_port()));
  } catch (const Error& error) {
    throw failure(Cause::protocol, error.what(), error.hint());
  }
  const int socket = session_->socket_.native_handle();
  const int code = co_await step([&] { return libssh2_session_handshake(raw, socket); });
  if (code != 0) {
    if (session_->failure_) throw Failure(*session_->failure_);
    throw failure(Cause::protocol, "SSH handshake with " + place() + " failed: " + last_error());
  }
}

}  // namespace labctl::ssh
