#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace labctl::ssh {

// What the server allows with the key that has logged in. OpenSSH's sshd sends it as a debug message after
// the login (auth.c, auth_log_authopts): "/home/core/.ssh/authorized_keys:1: key options: permitopen pty".
struct KeyOptions {
  std::string where;             // file and line
  bool port_forwarding = false;  // not with `restrict` or `no-port-forwarding`
  bool permit_open = false;      // only some TCP addresses may be connected to, and no unix socket
  bool command = false;          // the key runs one command, whatever the client asks for

  bool operator==(const KeyOptions&) const = default;
};

// nullopt for any other message.
std::optional<KeyOptions> read_key_options(std::string_view debug_message);

}  // namespace labctl::ssh
