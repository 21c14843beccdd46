#pragma once

#include "ssh/target.hpp"

#include <asio/awaitable.hpp>

#include <string>

namespace labctl::tunnels {

// What a login to a target (and its jump hosts) reads from this machine, as a text to compare: a changed text
// means that a login which failed may succeed now. No secret is in it.

// The key files, their .pub and -cert.pub files, the certificate files and known_hosts: which exist, and
// their time of change.
std::string login_files(const ssh::Target& target);

// The keys that the agents offer; "" if there are none, or if no agent answers within two seconds. Never
// throws.
asio::awaitable<std::string> agent_keys(ssh::Target target);

}  // namespace labctl::tunnels
