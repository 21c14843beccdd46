#pragma once

#include "tunnels/control.hpp"

#include <string>

namespace labctl::cli {

// What `tunnels status` prints: a line per forward, and under it why it is down.
std::string tunnels_table(const tunnels::Status& status, bool colour);

}  // namespace labctl::cli
