#pragma once

#include "tunnels/control.hpp"

#include <string>

namespace labctl::cli {

// The output of `tunnels status`: a line per forward, and below it why it is down; then a line per node
// without a session, with the next action.
std::string tunnels_table(const tunnels::Status& status, bool colour);

}  // namespace labctl::cli
