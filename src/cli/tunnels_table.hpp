#pragma once

#include "tunnels/control.hpp"

#include <string>

namespace labctl::cli {

// What `tunnels status` prints: a line per forward, and under it why it is down; then a line per node that
// has no session, with what is done about it.
std::string tunnels_table(const tunnels::Status& status, bool colour);

}  // namespace labctl::cli
