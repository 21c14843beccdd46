#pragma once

#include "ssh/session.hpp"
#include "tunnels/timing.hpp"

#include <array>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace labctl::tunnels {

// Opens channels on one node so that a remote end that is slow to answer delays nobody else. A session opens
// one channel at a time, so an open that hangs (a SYN without an answer takes sshd two minutes) stops all
// that come after it. Remote ends that were seen to be slow therefore get a session of their own, and a
// session that hangs is not used for new channels until it has got over it; the channels it carries go on.
//
// The first session, the link's own, is always used while nothing is slow.
class Lanes {
public:
  Lanes(ssh::Target target, Timing timing, std::shared_ptr<ssh::Session> first);

  // Throws ssh::Failure.
  asio::awaitable<std::shared_ptr<ssh::Channel>> open(ssh::Remote remote, Deadline deadline);
  // From now on sessions are logged in with these agents.
  void follow_agents(const ssh::Target& newest) { ssh::follow_agents(target_, newest); }
  // Ends every session but the first.
  void close(const ssh::Failure& why);

private:
  enum Kind : std::size_t { quick, slow };
  struct Lane {
    std::shared_ptr<ssh::Session> session;
    std::weak_ptr<ssh::Session> attempt;
    bool logging_in = false;
    ssh::Event changed;
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
