#pragma once

#include "agent/settings.hpp"

#include <string_view>

namespace labctl::agent {

// Handles what a Consul event watch gives on stdin, event by event in its order. An event that fails, or does not read,
// is logged and does not touch the others. Returns how many failed.
int handle_batch(const Settings& settings, std::string_view batch);

}  // namespace labctl::agent
