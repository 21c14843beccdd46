#pragma once

#include "base/deadline.hpp"
#include "inventory/inventory.hpp"

#include <string>

namespace labctl::doctor {

// Connects to a local end and hangs up. 0, or the errno value of why not (ETIMEDOUT at the deadline).
int try_connect(const inventory::Endpoint& local_end, Deadline deadline);

// Whether a TCP port answers at all, be it by refusing. The kernel answers for a program that is slow, so this may have a
// shorter deadline than a login. True for a name that does not resolve: the login says that better.
bool tcp_answers(const std::string& host, std::uint16_t port, Deadline deadline);

}  // namespace labctl::doctor
