#pragma once

#include <asio/ip/address.hpp>

#include <string>
#include <vector>

namespace labctl::ssh {

// The local addresses that BindInterface means: as in OpenSSH (sshconnect.c), the interface's first address
// of each family, where loopback and link-local addresses count only if there is no other. At most one
// address per family; none if there is no such interface.
std::vector<asio::ip::address> addresses_of_interface(const std::string& name);

}  // namespace labctl::ssh
