#pragma once

#include "ssh/target.hpp"

#include <string>
#include <string_view>
#include <vector>

// Of libssh2, whose headers are not included here.
struct _LIBSSH2_SESSION;

namespace labctl::ssh {

// Sets the algorithms that a session offers, before the handshake: the user's choice from those of libssh2,
// else the fastest on this processor. Host key algorithms for which known_hosts has a key (`known_key_types`,
// such as "ssh-ed25519") come first; otherwise an unchanged host could look changed. Certificates come before
// them if they matter (KnownHosts), else last. A list without a leading sign keeps its order,
// as in ssh. Error{invalid} names an option that leaves no algorithm.
void offer_algorithms(_LIBSSH2_SESSION* session, const AlgorithmChoice& choice,
                      const std::vector<std::string>& known_key_types, bool certificates_matter);

// Whether HostKeyAlgorithms (`list`, in ssh_config syntax; "": not set) lets a host show a plain key of this
// type, such as "ssh-rsa".
bool allows_plain_key(const std::string& list, std::string_view key_type);

}  // namespace labctl::ssh
