#pragma once

#include "base/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace labctl::ssh {

// Why a node or a remote end behind it cannot be reached. The doctor, `tunnels status --json` and the retry
// policy distinguish them; JSON contains to_string().
enum class Cause {
  name_unknown,        // the node's name does not resolve
  config_refused,      // the ssh configuration has an option that we cannot follow
  unreachable,         // no route, or connection refused
  no_answer,           // the deadline passed during connect or login
  host_key_unknown,    // known_hosts has no key for the node
  host_key_changed,    // known_hosts has another key for the node
  host_key_revoked,    // known_hosts marks the key as revoked
  identity_missing,    // no key to log in with
  identity_too_open,   // group or others may read the private key
  identity_encrypted,  // a key needs its passphrase, and the agent does not have it
  identity_invalid,    // not a private key in a known format
  key_refused,         // the node accepts none of our keys
  key_not_tried,       // it refuses the first ones, and the agent has more than a login may offer
  second_factor,       // the node accepts a key but requires another factor, which we do not support
  agent_silent,        // the ssh-agent does not answer
  forwarding_denied,   // the node's sshd forbids this forward
  target_refused,      // the node works, but the remote end refuses the connection
  target_denied,       // the node works, but the user may not use the remote end's socket there
  target_unreachable,  // the node works, but it has no way to the remote end, or does not know its name
  target_no_answer,    // the remote end does not answer in time
  bad_answer,          // the remote end answers, but with an error (no leader, an HTTP error)
  local_in_use,        // the local end is used by another process
  local_failed,        // the local end cannot be created
  no_descriptors,      // this process has no descriptor left for a connection
  listen_failed,       // the node's sshd cannot listen where a remote forward wants it
  listen_public,       // it would, but other machines could connect
  lost,                // an established session ended
  protocol,            // the peer violates the SSH protocol
  stopped,             // we were asked to stop
};

std::string_view to_string(Cause cause);
// Error{invalid} for an unknown word.
Cause cause_from(std::string_view word);

// An Error with a cause; its Kind follows from the cause.
class Failure : public Error {
public:
  Failure(Cause cause, const std::string& what, std::string where = {}, std::string hint = {},
          std::filesystem::path key_file = {});

  Cause cause() const noexcept { return cause_; }
  // identity_encrypted: the file whose passphrase would help; else empty.
  const std::filesystem::path& key_file() const noexcept { return key_file_; }

private:
  Cause cause_;
  std::filesystem::path key_file_;
};

}  // namespace labctl::ssh
