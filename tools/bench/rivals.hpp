#pragma once

#include "../../tests/integration/tunnels/ssh_node.hpp"
#include "base/unique_fd.hpp"
#include "http_load.hpp"
#include "inventory/inventory.hpp"
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

// The time that a process has used, in seconds, and its resident memory in MB (proc_pid_stat(5)).
double cpu_seconds(pid_t pid);
double resident_mb(pid_t pid);

// Five real sshds on loopback, of which the last allows only chacha20-poly1305, one HTTP server behind them,
// and a forward of labctl and of ssh through each. labctl has one daemon for all, ssh a process for each.
class Rivals {
public:
  static constexpr std::size_t with_chacha = 4;  // the index of that node
  static constexpr std::size_t usual = 4;        // the number of the other nodes

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
  std::vector<pid_t> their_processes() const;  // of the usual nodes

private:
  static std::string name(std::size_t node) { return "core" + std::to_string(node + 1); }
  std::vector<std::string> ssh(std::size_t node, std::vector<std::string> more) const;

  test::TempDir folder_;
  HttpServer server_;
  std::vector<std::unique_ptr<test::SshNode>> nodes_;
  std::vector<std::unique_ptr<SshForward>> forwards_;
  inventory::Inventory inventory_;
};

}  // namespace labctl::bench
