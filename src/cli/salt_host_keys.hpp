#pragma once

#include "inventory/salt.hpp"

#include <string>
#include <vector>

namespace labctl::cli {

struct KnownHostsText {
  std::string text;                // a known_hosts file
  std::vector<std::string> notes;  // nodes without keys, and other notes for the user
};

// The known_hosts of nodes whose host keys salt returned: a line for each key, with the address and port that
// ssh will look up. A malformed key is Error{invalid}: ssh would skip its line, and the host would seem to
// have no key.
KnownHostsText known_hosts_of(const std::vector<inventory::Node>& nodes,
                              const std::vector<inventory::SaltHostKeys>& keys,
                              const inventory::SaltOptions& options);

}  // namespace labctl::cli
