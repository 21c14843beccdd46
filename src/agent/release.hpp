#pragma once

#include "agent/marks.hpp"
#include "agent/node.hpp"

#include <string>

namespace labctl::agent {

// Waits until the sender marks the end of its transfer under migrate/<app>/ (contract: WAIT), at most 1200 s, and takes
// the marks away. Error{unavailable} if it reports a failure or calls the move off, Error{timeout} if nothing comes.
// `sender` is for messages.
Mark await_release(Node& node, const std::string& app, const std::string& event_id,
                   const std::string& sender);

// Marks the end: word "success" or "failure".
void put_mark(Node& node, const std::string& app, const std::string& word, const Mark& mark);

// Tells the other side of a move that this one has given up while nothing has changed yet: the old master that it need
// not stop, the new one that it need not wait. A key of our own beside migrate/<app>/, because other handlers take any
// key below that for leave to start. Who reads it removes it; so do the next move and destroy.
void call_off(Node& node, const std::string& app, const std::string& event_id);
bool called_off(Node& node, const std::string& app, const std::string& event_id);
void clear_call_off(Node& node, const std::string& app);

// The youngest plain snapshot of a volume on this node, "" if there is none. Copies that were sent ("V@STAMP@HOST")
// do not count.
std::string youngest_snapshot(Node& node, const std::string& volume);

}  // namespace labctl::agent
