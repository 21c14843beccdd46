#pragma once

#include <cstdint>

namespace labctl::tunnels {

// Decides whether a forward may have one more connection. The last descriptors of the process are a reserve:
// logins, key files and the control socket need them when connections have used up the rest. Forwards with
// few connections may use half of the reserve, so that one forward with many cannot stop the others.
//
// `next` is the number of a new descriptor. The kernel always gives the lowest free number (open(2)), so it
// tells how many are left of `limit` (RLIMIT_NOFILE).
bool may_connect(std::uint64_t next, std::uint64_t connections, std::uint64_t limit);

// The same for this process, with a descriptor that is open already.
bool may_connect(int descriptor, std::uint64_t connections);
// The same before one is made.
bool may_connect(std::uint64_t connections);

}  // namespace labctl::tunnels
