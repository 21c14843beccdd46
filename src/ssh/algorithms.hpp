#pragma once

#include "ssh/target.hpp"

#include <string>
#include <vector>

// libssh2's, which stays out of headers.
struct _LIBSSH2_SESSION;

namespace labctl::ssh {

// Says which algorithms a session offers to its node, before the handshake: what the person chose of those
// that libssh2 has, else what carries most on this processor. Host key algorithms for whose keys known_hosts
// has an entry (`known_key_types`, as "ssh-ed25519") come first, as otherwise a good host looks like a
// changed one; a list that begins with no sign keeps its order, as in ssh. Error{invalid} names an option of
// which nothing is left.
void offer_algorithms(_LIBSSH2_SESSION* session, const AlgorithmChoice& choice,
                      const std::vector<std::string>& known_key_types);

}  // namespace labctl::ssh
