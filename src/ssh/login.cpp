#include "ssh/login.hpp"

#include "ssh/agent.hpp"
#include "ssh/algorithms.hpp"
#include "ssh/current_failure.hpp"
#include "ssh/identity.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/proxy_command.hpp"
#include "ssh/relay.hpp"
#include "ssh/wire.hpp"

#include <asio/connect.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <libssh2.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace labctl::ssh {
namespace {

// Unacknowledged data for this long ends the connection (TCP_USER_TIMEOUT, milliseconds).
constexpr int user_timeout = 15'000;
// sshd hangs up after MaxAuthTries (6) refused keys.
constexpr std::size_t most_keys = 5;

// The algorithm that libssh2 chose stands in what is to be signed (RFC 4252, section 7).
std::string signing_algorithm(std::string_view data) {
  WireReader reader(data);
  reader.string();  // session id
  reader.u8();      // SSH_MSG_USERAUTH_REQUEST
  reader.string();  // user
  reader.string();  // service
  reader.string();  // "publickey"
  reader.u8();      // true
  return std::string(reader.string());
}

// One signature that libssh2 asks for and the agent gives.
struct Signature {
  std::string data;
  std::optional<std::string> bytes;

  static int sign(LIBSSH2_SESSION*, unsigned char** out, size_t* size, const unsigned char* data,
                  size_t data_size, void** abstract) {
    auto& self = *static_cast<Signature*>(*abstract);
    if (!self.bytes) {
      self.data.assign(reinterpret_cast<const char*>(data), data_size);
      return LIBSSH2_ERROR_EAGAIN;
    }
    *size = self.bytes->size();
    *out = static_cast<unsigned char*>(std::malloc(*size));  // NOLINT: libssh2 frees it
    if (*out == nullptr) return LIBSSH2_ERROR_ALLOC;
    std::memcpy(*out, self.bytes->data(), *size);
    return 0;
  }
};

}  // namespace

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
        // A login to a jump host has the same deadline and says more.
        if (const auto jump = alive->jump_attempt_.lock(); jump && !alive->jump_ && !jump->failure_) return;
        const auto seconds = std::chrono::duration<double>(deadline.elapsed()).count();
        char text[32];
        std::snprintf(text, sizeof text, "%.1f s", seconds);
        alive->close(Failure(Cause::no_answer,
                             "no answer from " + place + " within " + text + " (" + *stage + ")",
                             alive->target_.name, "is the node up, and reachable from here?"));
      });
  try {
    // Local files first: a missing key must not cost a connection.
    load_known_hosts();
    load_identities();
    co_await connect(deadline);
    co_await handshake();
    check_host_key();
    co_await authenticate();
  } catch (...) {
    const Failure failure = current_failure(session_->target_.name);
    session_->close(failure);
    // Said with the stage: a connection that ends during login has another meaning than one that was lost
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
      throw failure(Cause::host_key_unknown, "cannot read known_hosts " + error.line());
    }
  }
}

void Login::load_identities() {
  const Target& target = session_->target_;
  for (const auto& path : target.identities) {
    try {
      identities_.push_back(load_identity(path));
    } catch (const Failure& problem) {
      if (target.identity_required) throw;
      if (problem.cause() != Cause::identity_missing && !key_problem_) key_problem_ = problem;
    }
  }
}

asio::awaitable<void> Login::connect(Deadline deadline) {
  const Target& target = session_->target_;
  if (!target.jumps.empty()) {
    co_await connect_through_jump(deadline);
  } else if (!target.proxy_command.empty()) {
    connect_by_command();
  } else {
    co_await connect_directly();
  }
}

asio::awaitable<void> Login::connect_through_jump(Deadline deadline) {
  const Target& target = session_->target_;
  Target before = target.jumps.back();
  before.jumps.assign(target.jumps.begin(), target.jumps.end() - 1);
  *stage_ = "jump host " + before.name;
  try {
    session_->jump_ = co_await Session::login(before, deadline, &session_->jump_attempt_);
    const Remote sshd{target.host, target.port, {}};  // named: GCC 12 frees a temporary of a co_await twice
    auto channel = co_await session_->jump_->open(sshd, deadline);
    if (session_->failure_) throw Failure(*session_->failure_);
    auto [ours, theirs] = connected_pair(session_->executor());
    session_->socket_ = std::move(ours);
    std::make_shared<Relay>(std::move(theirs), std::make_shared<Traffic>())->run(std::move(channel));
  } catch (const Failure& problem) {
    if (session_->failure_) throw Failure(*session_->failure_);
    const bool refused =
        problem.cause() == Cause::target_refused || problem.cause() == Cause::forwarding_denied;
    throw failure(refused ? Cause::unreachable : problem.cause(), *stage_ + ": " + problem.what(),
                  problem.hint());
  }
}

void Login::connect_by_command() {
  *stage_ = "ProxyCommand " + session_->target_.proxy_command;
  session_->proxy_command_ =
      std::make_unique<ProxyCommand>(session_->executor(), session_->target_.proxy_command);
  session_->socket_ = session_->proxy_command_->take_socket();
}

asio::awaitable<void> Login::connect_directly() {
  const Target& target = session_->target_;
  *stage_ = "TCP connection";
  std::vector<asio::ip::tcp::endpoint> endpoints;
  std::error_code error;
  if (const auto address = asio::ip::make_address(target.host, error); !error) {
    endpoints.emplace_back(address, target.port);
  } else {
    // The resolver's own thread may be stuck in a name server's silence, so this waits for the session's end
    // as well.
    struct Found {
      bool done = false;
      std::error_code error;
      std::vector<asio::ip::tcp::endpoint> endpoints;
    };
    auto found = std::make_shared<Found>();
    session_->resolving_ = true;
    session_->resolver_.async_resolve(
        target.host, std::to_string(target.port), asio::ip::tcp::resolver::numeric_service,
        [found, session = session_](std::error_code failed,
                                    const asio::ip::tcp::resolver::results_type& results) {
          session->resolving_ = false;
          found->done = true;
          found->error = failed;
          for (const auto& entry : results) found->endpoints.push_back(entry.endpoint());
          session->activity_.notify();
        });
    while (!found->done) {
      if (session_->failure_) throw Failure(*session_->failure_);
      co_await session_->activity_.wait();
    }
    if (session_->failure_) throw Failure(*session_->failure_);
    if (found->error || found->endpoints.empty()) {
      throw failure(Cause::name_unknown, "the name " + target.host + " does not resolve",
                    "check `address` in the inventory");
    }
    endpoints = std::move(found->endpoints);
  }
  if (!target.address_family.empty() && target.address_family != "any") {
    const bool v6 = target.address_family == "inet6";
    std::erase_if(endpoints, [&](const auto& endpoint) { return endpoint.address().is_v6() != v6; });
    if (endpoints.empty()) {
      throw failure(Cause::name_unknown,
                    target.host + " has no IPv" + (v6 ? "6" : "4") +
                        " address, and the ssh configuration says AddressFamily " + target.address_family,
                    "check `address` in the inventory");
    }
  }
  for (const auto& endpoint : endpoints) {
    std::error_code ignored;
    if (session_->failure_) break;
    session_->socket_.close(ignored);
    error = bind_for(endpoint);
    if (error) continue;
    co_await session_->socket_.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
    if (!error) break;
  }
  if (session_->failure_) throw Failure(*session_->failure_);
  if (error) {
    const std::string from = target.bind_address.empty() ? "" : " from " + target.bind_address;
    throw failure(Cause::unreachable, "cannot connect to " + place() + from + ": " + error.message(),
                  error == asio::error::connection_refused ? "is sshd running there?" : "is the node up?");
  }
  session_->socket_.set_option(asio::ip::tcp::no_delay(true));
  ::setsockopt(session_->socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout,
               sizeof user_timeout);
}

// BindAddress: our own end is there, or there is no connection.
std::error_code Login::bind_for(const asio::ip::tcp::endpoint& endpoint) {
  std::error_code error;
  const std::string& wanted = session_->target_.bind_address;
  if (wanted.empty()) return error;
  const auto address = asio::ip::make_address(wanted, error);
  if (!error) session_->socket_.open(asio::generic::stream_protocol(endpoint.protocol()), error);
  if (!error) session_->socket_.bind(asio::ip::tcp::endpoint(address, 0), error);
  return error;
}

// One libssh2 call that may want input first.
template <typename Call>
asio::awaitable<int> Login::step(Call call) {
  while (true) {
    if (session_->failure_) throw Failure(*session_->failure_);
    const int code = call();
    session_->write_socket();
    session_->read_socket();
    if (code != LIBSSH2_ERROR_EAGAIN) co_return code;
    co_await session_->activity_.wait();
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
    case HostKeyVerdict::other_type:
      throw failure(
          Cause::host_key_unknown,
          "host key is unknown: " + file + " has keys of this host" + for_alias + ", but not " + shown,
          scanned);
    case HostKeyVerdict::changed:
      throw failure(Cause::host_key_changed,
                    "HOST KEY HAS CHANGED: " + shown + " is not the one in " + file + for_alias,
                    "somebody may be in between; if the node was really installed anew: ssh-keygen -f " +
                        file + " -R " + known_name(known_host(), known_port()));
    case HostKeyVerdict::revoked:
      throw failure(Cause::host_key_revoked, "host key is revoked in " + file + ": " + shown);
  }
}

asio::awaitable<bool> Login::try_file(const Identity& identity) {
  const std::string& user = session_->target_.user;
  const int code = co_await step([&] {
    return libssh2_userauth_publickey_frommemory(session_->raw_, user.data(), user.size(), nullptr, 0,
                                                 identity.text.data(), identity.text.size(), nullptr);
  });
  ++tried_;
  if (code == 0) co_return true;
  if (session_->failure_) throw Failure(*session_->failure_);
  // Anything that is not a refusal by the peer means that the key itself could not be used.
  if (code != LIBSSH2_ERROR_AUTHENTICATION_FAILED && code != LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED) {
    const Failure problem = failure(Cause::identity_invalid,
                                    "cannot use key file " + identity.path.string() + ": " + last_error());
    if (session_->target_.identity_required) throw Failure(problem);
    if (!key_problem_) key_problem_ = problem;
  }
  co_return false;
}

asio::awaitable<bool> Login::try_agent(Agent& agent, const std::string& key) {
  const std::string& user = session_->target_.user;
  Signature signature;
  void* abstract = &signature;
  const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
  ++tried_;
  while (true) {
    const int code = co_await step([&] {
      const int result = libssh2_userauth_publickey(session_->raw_, user.c_str(), bytes, key.size(),
                                                    &Signature::sign, &abstract);
      // Leave the wait for input when it is the signature that is missing.
      return result == LIBSSH2_ERROR_EAGAIN && !signature.data.empty() && !signature.bytes ? 1 : result;
    });
    if (code != 1) co_return code == 0;
    *stage_ = "the ssh-agent's signature";
    auto made = co_await agent.sign(key, signature.data, signing_algorithm(signature.data));
    *stage_ = "the login";
    // An agent that declines still owes libssh2 an answer: an empty signature, which the node refuses.
    signature.bytes = made.value_or("");
  }
}

asio::awaitable<void> Login::authenticate() {
  *stage_ = "the login";
  const Target& target = session_->target_;
  for (const Identity& identity : identities_) {
    if (identity.encrypted || tried_ >= most_keys) continue;
    if (co_await try_file(identity)) co_return;
  }
  std::string agent_keys;
  if (!target.agent_socket.empty()) {
    if (auto agent = co_await Agent::connect(target.agent_socket); agent) {
      for (const auto& [blob, comment] : co_await agent->keys()) {
        const auto same = [&](const Identity& identity) { return identity.public_key == blob; };
        const auto file = std::find_if(identities_.begin(), identities_.end(), same);
        const bool named = file != identities_.end();
        if ((named && !file->encrypted) || (!named && target.identities_only) || tried_ >= most_keys)
          continue;
        agent_keys += (agent_keys.empty() ? "" : ", ") + (comment.empty() ? key_type(blob) : comment);
        if (co_await try_agent(*agent, blob)) co_return;
        if (session_->failure_) throw Failure(*session_->failure_);
      }
    }
  }
  std::string files;
  for (const Identity& identity : identities_) {
    if (identity.encrypted) continue;
    files += (files.empty() ? "" : ", ") + identity.path.string();
  }
  const auto encrypted =
      std::find_if(identities_.begin(), identities_.end(), [](auto& i) { return i.encrypted; });
  if (encrypted != identities_.end() && files.empty() && agent_keys.empty()) {
    throw failure(Cause::identity_encrypted, "key file needs a passphrase: " + encrypted->path.string(),
                  "ssh-add " + encrypted->path.string());
  }
  if (tried_ == 0) {
    if (key_problem_) throw Failure(*key_problem_);
    throw failure(Cause::identity_missing, "there is no key to log in with",
                  "give `identity` in the inventory, or ssh-add a key");
  }
  throw failure(Cause::key_refused,
                "key is refused for user " + target.user + ": " + files +
                    (files.empty() || agent_keys.empty() ? "" : "; ") +
                    (agent_keys.empty() ? "" : "agent: " + agent_keys),
                "is its public part in ~" + target.user + "/.ssh/authorized_keys on the node?");
}

}  // namespace labctl::ssh
