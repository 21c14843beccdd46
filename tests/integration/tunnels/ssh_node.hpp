#pragma once

#include "support/free_port.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace labctl::test {

// Why SshNode cannot run on this machine; "" if it can.
std::string missing_for_ssh_nodes();

// One real sshd on loopback, run from the cached node root (see sshd-node). It accepts connections when the
// constructor returns.
class SshNode {
public:
  // `folder` holds authorized_keys and host_*_key; sockets below it can be forwarded.
  SshNode(const std::filesystem::path& folder, std::uint16_t port, std::vector<std::string> options = {});
  ~SshNode() { kill(); }
  SshNode(const SshNode&) = delete;
  SshNode& operator=(const SshNode&) = delete;

  std::uint16_t port() const { return port_; }
  // The process whose descendants are all processes of the sshd.
  pid_t pid() const { return pid_; }
  // As if the node lost power: nothing is closed in an orderly way.
  void kill();
  void start();

private:
  std::filesystem::path folder_;
  std::uint16_t port_;
  std::vector<std::string> options_;
  pid_t pid_ = -1;
};

}  // namespace labctl::test
