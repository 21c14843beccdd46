#pragma once

#include "base/deadline.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace labctl {

// Connects and closes, to test whether a server listens. Returns 0 or an errno value: ETIMEDOUT if there is
// no answer until the deadline. Of several addresses the one that got furthest counts. nullopt: the name does
// not resolve.
std::optional<int> connect_tcp(const std::string& host, std::uint16_t port, Deadline deadline);
int connect_unix(const std::filesystem::path& socket, Deadline deadline);

}  // namespace labctl
