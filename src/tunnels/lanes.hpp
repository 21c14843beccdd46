#pragma once

#include "base/endpoint.hpp"
#include "ssh/session.hpp"
#include "tunnels/login_limit.hpp"
#include "tunnels/timing.hpp"

#include <memory>

namespace labctl::tunnels {

// Whether sshd has to ask a name server for the remote end.
bool needs_lookup(const Endpoint& remote);

// Opens channels on one node. sshd looks up the name of a remote end while everything else of the connection
// waits (OpenSSH, channels.c calls getaddrinfo()), so a name server that does not answer stops it for many
// seconds. Remote ends with a name therefore have a session of their own, made at the first such open;
// sockets and addresses use the first session, the link's.
class Lanes {
public:
  // `limit` also counts the logins made here.
  Lanes(ssh::Target target, Timing timing, std::shared_ptr<LoginLimit> limit,
        std::shared_ptr<ssh::Session> first);

  // Throws ssh::Failure.
  asio::awaitable<std::shared_ptr<ssh::Channel>> open(Endpoint remote, Deadline deadline);
  // New sessions log in with these agents.
  void follow_agents(const ssh::Target& newest) { ssh::follow_agents(target_, newest); }
  // Ends the session for names. The first one is the caller's.
  void close(const ssh::Failure& why);

private:
  asio::awaitable<std::shared_ptr<ssh::Session>> session_for_names();
  asio::awaitable<void> log_in_for_names();

  ssh::Target target_;
  Timing timing_;
  std::shared_ptr<LoginLimit> limit_;
  std::shared_ptr<ssh::Session> first_;
  std::shared_ptr<ssh::Session> for_names_;
  std::weak_ptr<ssh::Session> attempt_;
  bool logging_in_ = false;
  bool no_second_login_ = false;  // its key needs a passphrase: the first session serves names too
  ssh::Notifier login_over_;
  bool closed_ = false;
};

}  // namespace labctl::tunnels
