#pragma once

#include "../../tests/integration/tunnels/delayed_port.hpp"
#include "../../tests/integration/tunnels/ssh_node.hpp"
#include "base/unique_fd.hpp"
#include "http_load.hpp"
#include "inventory/inventory.hpp"
#include "processes.hpp"
#include "support/temp_dir.hpp"

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace labctl::bench {

// `ssh -N -L SOCKET:…`, until it is destroyed.
class SshForward {
public:
  SshForward(std::vector<std::string> argv, const std::filesystem::path& socket);
  ~SshForward();
  SshForward(const SshForward&) = delete;
  SshForward& operator=(const SshForward&) = delete;
  pid_t pid() const { return pid_; }

private:
  pid_t pid_ = -1;
};

// Real sshds on loopback, one HTTP server behind them, and a forward of labctl and of ssh through each.
// labctl has one daemon for all, ssh a process for each.
class Rivals {
public:
  static constexpr std::size_t usual = 4;  // the number of nodes with nothing special, which come first
  // The other nodes: one that allows only chacha20-poly1305, and two that are far away.
  static constexpr std::size_t with_chacha = 4, at_20_ms = 5, at_80_ms = 6, all = 7;

  Rivals();
  ~Rivals();
  Rivals(const Rivals&) = delete;
  Rivals& operator=(const Rivals&) = delete;

  // One login of ssh, and the start of labctl's tunnels to the four usual nodes, which end again.
  double login_of_ssh() const;
  double start_of_labctl();
  // Opens all forwards of both.
  void start();

  std::filesystem::path ours(std::size_t node) const {
    return folder_ / ("run/bench/" + name(node) + ".sock");
  }
  std::filesystem::path theirs(std::size_t node) const { return folder_ / ("ssh-" + name(node) + ".sock"); }
  pid_t our_daemon() const;
  std::vector<pid_t> their_processes() const;  // one for each node
  // The processes of a node's sshd, for all of its connections.
  std::vector<pid_t> sshd(std::size_t node) const { return with_descendants(nodes_[node]->pid()); }

private:
  static std::string name(std::size_t node) { return "core" + std::to_string(node + 1); }
  std::vector<std::string> ssh(std::size_t node, std::vector<std::string> more) const;

  test::TempDir folder_;
  HttpServer server_;
  std::vector<std::unique_ptr<test::SshNode>> nodes_;
  std::vector<std::unique_ptr<test::DelayedPort>> delays_;
  std::vector<std::uint16_t> ports_;  // where a node is reached
  std::vector<std::unique_ptr<SshForward>> forwards_;
  inventory::Inventory inventory_;
};

}  // namespace labctl::bench
