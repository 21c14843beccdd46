#pragma once

#include "agent/marks.hpp"
#include "agent/node.hpp"
#include "base/error.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace labctl::agent {

// The other side has given up, and knows that we know: nothing is left to be told to it.
class CalledOff : public Error {
public:
  explicit CalledOff(const std::string& node,
                     const std::string& what = "the other side has called the move off")
      : Error(Kind::unavailable, what, node, "see its /deploy/handler.log") {}
};

// Whether Consul takes a node for dead, and has done so for a while: a moment may be a busy machine.
class PeerWatch {
public:
  PeerWatch(Node& node, std::string name) : node_(node), name_(std::move(name)) {}
  bool dead();  // asks
  bool known_dead() const { return since_ && since_->passed(); }

private:
  static constexpr std::chrono::seconds patience{10};
  Node& node_;
  std::string name_;
  std::optional<Deadline> since_;
};

// Waits until the sender marks the end of its transfer under migrate/<app>/ (contract: WAIT), at most 1200 s,
// and takes the marks away. CalledOff if it reports a failure or calls the move off, Error{unavailable} if
// its node dies first, Error{timeout} if nothing comes. A Consul without leader is waited for.
Mark await_release(Node& node, const std::string& app, const std::string& event_id,
                   const std::string& sender);

// Marks the end: word "success" or "failure".
void put_mark(Node& node, const std::string& app, const std::string& word, const Mark& mark);

// For the old master that has released: returns once app/N is no longer its deployment, that is when the new
// master serves. CalledOff if that fails or dies before; a dead one finds the move called off should it come
// back.
void await_publication(Node& node, const std::string& app, const std::string& event_id,
                       const std::string& old_deploy_id, const std::string& receiver);

// For an old master that calls off a move of which it does not know how far it is: returns once the new one
// has heard it, or is dead, or has had a minute to hear it. True if it has published all the same.
bool await_call_off_heard(Node& node, const std::string& app, const std::string& event_id,
                          const std::string& old_deploy_id, const std::string& receiver);

// Tells the others that this side of a deployment, the old or the new master, has given up: the old master
// need not stop, the new one need not wait, the slaves stay what they were. A key of our own beside
// migrate/<app>/, because other handlers take any key below that as permission to start. It stays until the
// next move, redeployment or destroy removes it; a master that reads it notes that it has heard.
void call_off(Node& node, const std::string& app, const std::string& event_id);
bool called_off(Node& node, const std::string& app, const std::string& event_id);
bool hear_call_off(Node& node, const std::string& app, const std::string& event_id);
void clear_call_off(Node& node, const std::string& app);

// The youngest plain snapshot of a volume on this node, "" if there is none. Copies that were sent
// ("V@STAMP@HOST") do not count.
std::string youngest_snapshot(Node& node, const std::string& volume);

}  // namespace labctl::agent
