#pragma once

#include "base/deadline.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/target.hpp"

#include <filesystem>
#include <string>

namespace labctl::ssh {

// The host key with which a node has signed the key exchange.
struct HostKey {
  std::string key;   // in wire format, without its certificate
  std::string name;  // of the host in known_hosts: "host", "[host]:port" or the HostKeyAlias
  HostKeyVerdict verdict = HostKeyVerdict::unknown;
  std::string certificate;          // Certificate::line(); empty if the node has shown a plain key
  std::string certificate_problem;  // why known_hosts does not trust it; empty if it does
  std::filesystem::path file;       // the first known_hosts file of the target; empty if there is none

  std::string line() const;  // for known_hosts: "NAME TYPE BASE64"
};

// Connects to the node's sshd like a login, through jump hosts or a command, but does not log in. A jump host
// must be known already. Blocks until done or the deadline. Failure. Thread-safe.
HostKey read_host_key(const Target& target, Deadline deadline);

// Appends the line to the key's file; a new file gets mode 0600 and a new folder 0700. Error{refused} if
// other users can write the file, Error{system}.
void add_to_known_hosts(const HostKey& key);

}  // namespace labctl::ssh
