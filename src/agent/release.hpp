#pragma once

#include "agent/local_node.hpp"
#include "agent/marks.hpp"
#include "base/error.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace labctl::agent {

// The other side has given up, and knows that we know: no further message to it is needed.
class CalledOff : public Error {
public:
  explicit CalledOff(const std::string& node,
                     const std::string& what = "the other side has called the move off")
      : Error(Kind::unavailable, what, node, "see its /deploy/handler.log") {}
};

// Whether Consul has reported a node as dead for some time: a short failure may be a busy machine.
class PeerWatch {
public:
  PeerWatch(LocalNode& node, std::string name) : node_(node), name_(std::move(name)) {}
  bool dead();  // asks
  bool known_dead() const { return since_ && since_->passed(); }

private:
  static constexpr std::chrono::seconds patience{10};
  LocalNode& node_;
  std::string name_;
  std::optional<Deadline> since_;
};

// Waits until the sender marks the end of its transfer under migrate/<app>/ (contract: WAIT), at most 1200 s,
// and removes the marks. CalledOff if the sender reports a failure or calls the move off, Error{unavailable}
// if its node dies first, Error{timeout} if no mark appears. While Consul has no leader, it keeps waiting.
Mark await_release(LocalNode& node, const std::string& app, const std::string& event_id,
                   const std::string& sender);

// Writes the mark: word "success" or "failure".
void put_mark(LocalNode& node, const std::string& app, const std::string& word, const Mark& mark);

// For the old master after its release: returns when app/N no longer names its deployment, so the new master
// serves. CalledOff if the new master fails or dies before; if a dead one comes back, it finds the call-off.
void await_publication(LocalNode& node, const std::string& app, const std::string& event_id,
                       const std::string& old_deploy_id, const std::string& receiver);

// For an old master that calls off a move in an unknown state: returns when the new master has read the
// call-off, or is dead, or after a minute. True if the new master has published nevertheless.
bool await_call_off_heard(LocalNode& node, const std::string& app, const std::string& event_id,
                          const std::string& old_deploy_id, const std::string& receiver);

// Announces that this side of a deployment, the old or the new master, has given up: the old master need not
// stop, the new one need not wait, the slaves do not change. The key is outside migrate/<app>/, because other
// handlers treat any key below that as permission to start. It stays until the next move, redeployment or
// destroy removes it; a master that reads it marks it as heard.
void call_off(LocalNode& node, const std::string& app, const std::string& event_id);
bool called_off(LocalNode& node, const std::string& app, const std::string& event_id);
bool hear_call_off(LocalNode& node, const std::string& app, const std::string& event_id);
void clear_call_off(LocalNode& node, const std::string& app);

// The newest plain snapshot of a volume on this node, "" if there is none. Copies that were sent
// ("V@STAMP@HOST") do not count.
std::string youngest_snapshot(LocalNode& node, const std::string& volume);

}  // namespace labctl::agent
