#pragma once

#include "agent/marks.hpp"
#include "agent/node.hpp"

#include <string>

namespace labctl::agent {

// Waits until the sender marks the end of its transfer under migrate/<app>/ (contract: WAIT), at most 1200 s, and takes
// the marks away. Error{unavailable} if it reports a failure, Error{timeout} if nothing comes. `sender` is for messages.
Mark await_release(Node& node, const std::string& app, const std::string& event_id, const std::string& sender);

// Marks the end: word "success" or "failure".
void put_mark(Node& node, const std::string& app, const std::string& word, const Mark& mark);

// The youngest plain snapshot of a volume on this node, "" if there is none. Copies that were sent ("V@STAMP@HOST")
// do not count.
std::string youngest_snapshot(Node& node, const std::string& volume);

}  // namespace labctl::agent
