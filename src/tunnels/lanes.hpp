#pragma once

#include "base/endpoint.hpp"
#include "ssh/session.hpp"
#include "tunnels/timing.hpp"

#include <array>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace labctl::tunnels {

// Opens channels on one node so that a slow remote end does not delay others. A session opens one channel at
// a time, so an open that hangs (sshd waits two minutes for an unanswered SYN) blocks all later ones. So slow
// remote ends get a separate session, and a session that hangs gets no new channels until it recovers; its
// existing channels continue.
//
// While nothing is slow, only the first session, the link's, is used.
class Lanes {
public:
  Lanes(ssh::Target target, Timing timing, std::shared_ptr<ssh::Session> first);

  // Throws ssh::Failure.
  asio::awaitable<std::shared_ptr<ssh::Channel>> open(Endpoint remote, Deadline deadline);
  // New sessions log in with these agents.
  void follow_agents(const ssh::Target& newest) { ssh::follow_agents(target_, newest); }
  // Ends every session but the first.
  void close(const ssh::Failure& why);

private:
  enum Kind : std::size_t { quick, slow };
  struct Lane {
    std::shared_ptr<ssh::Session> session;
    std::weak_ptr<ssh::Session> attempt;
    bool logging_in = false;
    ssh::Notifier changed;
  };

  asio::awaitable<std::shared_ptr<ssh::Session>> session(Kind kind);
  bool hangs(const ssh::Session& session) const;
  void retire(std::shared_ptr<ssh::Session> session);

  ssh::Target target_;
  Timing timing_;
  std::shared_ptr<ssh::Session> first_;
  std::array<Lane, 2> lanes_;
  std::vector<std::shared_ptr<ssh::Session>> retired_;
  std::set<std::string> slow_;
  bool closed_ = false;
};

}  // namespace labctl::tunnels
