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

asio::awaitable<HostKey> Login::host_key(Deadline deadline) {
  co_await go(Until::host_key, deadline);
  const auto& files = session_->target_.known_hosts;
  HostKey found{.key = std::string(seen_host_key()),
                .name = known_name(known_host(), known_port()),
                .verdict = known_hosts_.check(known_host(), known_port(), seen_host_key()),
                .file = files.empty() ? std::filesystem::path() : files.front()};
  session_->close(Failure(Cause::stopped, "the host key is read", session_->target_.name));
  co_return found;
}

asio::awaitable<void> Login::go(Until end, Deadline deadline) {
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
    if (end == Until::login) load_identities();
    co_await connect(deadline);
    co_await handshake();
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
        session_->target_.name, failure.hint());
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

std::string_view Login::seen_host_key() const {
  size_t size = 0;
  int type = 0;
  const char* bytes = libssh2_session_hostkey(session_->raw_, &size, &type);
  if (bytes == nullptr) throw failure(Cause::protocol, "the node has no host key");
  return {bytes, size};
}

void Login::check_host_key() {
  const Target& target = session_->target_;
  const std::string_view key = seen_host_key();
  const std::string shown = key_type(key) + " " + fingerprint(key);
  const std::string file = target.known_hosts.empty() ? "known_hosts" : target.known_hosts.front().string();
  const auto entries = [&](std::string_view of_type) {
    return known_hosts_.places(known_host(), known_port(), of_type);
  };
  const auto lines_of = [](const std::vector<KnownHosts::Place>& places) {
    std::vector<std::string> texts;
    for (const auto& one : places) texts.push_back(one.file + ":" + std::to_string(one.line));
    return join(texts, ", ");
  };
  const std::string for_alias = target.host_key_alias.empty() ? "" : " for HostKeyAlias " + known_host();
  const std::string advice = "labctl tunnels trust shows it and adds it";
  switch (known_hosts_.check(known_host(), known_port(), key)) {
    case HostKeyVerdict::match:
      return;
    case HostKeyVerdict::unknown:
      throw failure(Cause::host_key_unknown,
                    "host key is unknown: " + shown + " is not in " + file + for_alias, advice);
    case HostKeyVerdict::by_authority:
      throw failure(Cause::host_key_unknown,
                    "host key is unknown: " + shown + "; " + lines_of(entries("")) +
                        " trusts the host by a certificate authority, which labctl cannot check",
                    advice);
    case HostKeyVerdict::other_type:
      throw failure(
          Cause::host_key_unknown,
          "host key is unknown: " + file + " has keys of this host" + for_alias + ", but not " + shown,
          advice);
    case HostKeyVerdict::changed: {
      const auto stale = entries(key_type(key));
      throw failure(Cause::host_key_changed,
                    "HOST KEY HAS CHANGED: " + shown + " is not the one in " + lines_of(stale) + for_alias,
                    "possibly a man-in-the-middle attack; if the node was reinstalled: ssh-keygen -f " +
                        stale.front().file + " -R " + stale.front().name);
    }
    case HostKeyVerdict::revoked:
      throw failure(Cause::host_key_revoked, "host key is revoked in " + file + ": " + shown);
  }
}

}  // namespace labctl::ssh
