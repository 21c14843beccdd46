#pragma once

#include "base/deadline.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace labctl {

// Connect and hang up, to see who listens. 0, or the errno value of why not: ETIMEDOUT if nothing came until
// the deadline. Of several addresses the one that got furthest counts. nullopt: the name does not resolve.
std::optional<int> connect_tcp(const std::string& host, std::uint16_t port, Deadline deadline);
int connect_unix(const std::filesystem::path& socket, Deadline deadline);

}  // namespace labctl
