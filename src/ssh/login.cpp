#include "ssh/login.hpp"

#include "base/text.hpp"
#include "ssh/algorithms.hpp"
#include "ssh/current_failure.hpp"
#include "ssh/known_hosts.hpp"

#include <asio/steady_timer.hpp>
#include <libssh2.h>

namespace labctl::ssh {
asio::awaitable<std::shared_ptr<Session>> Session::login(Target target, Deadline deadline,
                                                         std::weak_ptr<Session>* started) {
  std::shared_ptr<Session> session(new Session(co_await asio::this_coro::executor, std::move(target)));
  if (started != nullptr) *started = session;
  Login login(std::move(session));
  co_return co_await login.run(deadline);
}

Failure Login::failure(Cause cause, std::string what, std::string hint) const {
  return Failure(cause, std::move(what), session_->target_.name, std::move(hint));
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

asio::awaitable<std::shared_ptr<Session>> Login::run(Deadline deadline) {
  asio::steady_timer timer(session_->executor(), deadline.at());
  timer.async_wait(
      [session = std::weak_ptr(session_), stage = stage_, place = place(), deadline](std::error_code error) {
        auto alive = session.lock();
        if (error || !alive) return;
        // A login to a jump host that is still in progress has the same deadline and a more precise message.
        if (const auto jump = alive->jump_attempt_.lock(); jump && !alive->jump_ && !jump->failure_) return;
        const auto seconds = std::chrono::duration<double>(deadline.elapsed()).count();
        char text[32];
        std::snprintf(text, sizeof text, "%.1f s", seconds);
        alive->close(Failure(Cause::no_answer,
                             "no answer from " + place + " within " + text + " (" + *stage + ")",
                             alive->target_.name, "is the node up, and reachable from here?"));
      });
  try {
    // Local files first: a missing key is reported without opening a connection.
    load_known_hosts();
    load_identities();
    co_await connect(deadline);
    co_await handshake();
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
        session_->target_.name, failure.hint());
  }
  session_->serving_ = true;
  co_return session_;
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

asio::awaitable<void> Login::handshake() {
  *stage_ = "the SSH handshake";
  LIBSSH2_SESSION* raw = session_->raw_;
  const Target& target = session_->target_;
  try {
    offer_algorithms(raw, target.algorithms, known_hosts_.key_types(known_host(), known_port()));
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

void Login::check_host_key() {
  const Target& target = session_->target_;
  size_t size = 0;
  int type = 0;
  const char* bytes = libssh2_session_hostkey(session_->raw_, &size, &type);
  if (bytes == nullptr) throw failure(Cause::protocol, "the node has no host key");
  const std::string_view key(bytes, size);
  const std::string shown = key_type(key) + " " + fingerprint(key);
  const std::string file = target.known_hosts.empty() ? "known_hosts" : target.known_hosts.front().string();
  const auto entries = [&](std::string_view of_type) {
    return known_hosts_.places(known_host(), known_port(), of_type);
  };
  const std::string for_alias = target.host_key_alias.empty() ? "" : " for HostKeyAlias " + known_host();
  const std::string scanned =
      "compare it, then: ssh-keyscan -p " + std::to_string(target.port) + " " + target.host +
      (target.host_key_alias.empty() ? "" : " | sed 's/^[^ ]*/" + known_host() + "/'") + " >> " + file;
  switch (known_hosts_.check(known_host(), known_port(), key)) {
    case HostKeyVerdict::match:
      return;
    case HostKeyVerdict::unknown:
      throw failure(Cause::host_key_unknown,
                    "host key is unknown: " + shown + " is not in " + file + for_alias, scanned);
    case HostKeyVerdict::by_authority:
      throw failure(Cause::host_key_unknown,
                    "host key is unknown: " + shown + "; " + join(entries(""), ", ") +
                        " trusts the host by a certificate authority, which labctl cannot check",
                    "compare the key, then add it to a file of its own: known_hosts: in the inventory");
    case HostKeyVerdict::other_type:
      throw failure(
          Cause::host_key_unknown,
          "host key is unknown: " + file + " has keys of this host" + for_alias + ", but not " + shown,
          scanned);
    case HostKeyVerdict::changed: {
      const auto stale = entries(key_type(key));
      throw failure(Cause::host_key_changed,
                    "HOST KEY HAS CHANGED: " + shown + " is not the one in " + join(stale, ", ") + for_alias,
                    "possibly a man-in-the-middle attack; if the node was reinstalled: ssh-keygen -f " +
                        stale.front().substr(0, stale.front().rfind(':')) + " -R " +
                        known_name(known_host(), known_port()));
    }
    case HostKeyVerdict::revoked:
      throw failure(Cause::host_key_revoked, "host key is revoked in " + file + ": " + shown);
  }
}

}  // namespace labctl::ssh
