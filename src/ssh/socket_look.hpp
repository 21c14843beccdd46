#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace labctl::ssh {

// What the user of a session sees of a path on the node. sshd gives one answer for every reason why it cannot
// connect to a unix socket; this tells them apart.
struct SocketLook {
  enum class Is { missing, dangling, hidden, directory, file, socket };

  Is is = Is::missing;
  std::string at;          // missing, hidden: the last folder on the way that can be seen
  bool writable = false;   // a socket that the user may connect to
  bool listening = false;  // a process accepts connections at this path
  std::string owner;       // "root:docker, mode 660"
  std::string user;
  std::string groups;  // "core docker"

  bool operator==(const SocketLook&) const = default;
};

// A command for the user's shell on the node. It only reads.
std::string look_command(const std::string& path);
// Reads its output; nullopt if it is that of something else, as of a forced command.
std::optional<SocketLook> read_look(std::string_view output);

}  // namespace labctl::ssh
