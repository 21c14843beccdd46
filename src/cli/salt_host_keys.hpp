#pragma once

#include "inventory/salt.hpp"

#include <string>
#include <vector>

namespace labctl::cli {

struct KnownHostsText {
  std::string text;                // a known_hosts file
  std::vector<std::string> notes;  // nodes without keys, and other things a person must know
};

// The known_hosts of nodes whose host keys salt has given: a line for each key, under the address and port
// that ssh will ask for. A key that does not read is Error{invalid}: a line of it that ssh passes over
// would look like a host without keys.
KnownHostsText known_hosts_of(const std::vector<inventory::Node>& nodes,
                              const std::vector<inventory::SaltHostKeys>& keys,
                              const inventory::SaltOptions& options);

}  // namespace labctl::cli
