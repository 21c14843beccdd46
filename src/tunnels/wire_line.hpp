#pragma once

#include "base/deadline.hpp"

#include <string>

namespace labctl::tunnels {

// Blocking line I/O on a socket, for clients and the start of a daemon.

// Writes `line` and a newline. False if the peer is gone.
bool send_line(int socket, const std::string& line);

// One line without its newline. Error{timeout} at the deadline, Error{unreachable} if the peer closes before,
// Error{interrupted}.
std::string receive_line(int socket, Deadline deadline);

}  // namespace labctl::tunnels
