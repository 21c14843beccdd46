#pragma once

#include "inventory/inventory.hpp"
#include "ssh_node.hpp"
#include "support/fake_server.hpp"
#include "support/temp_dir.hpp"
#include "tunnels/client.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace labctl::test {

// Two real sshds, a fake Consul and a fake dockerd each behind them, one inventory, and a runtime and home
// folder of its own. Made once for the program; every test case starts with tunnels down and an inventory as
// new.
class Testbed {
public:
  static Testbed& get();

  Testbed();

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path key(const std::string& name) const { return folder_ / ("keys/" + name); }
  std::filesystem::path runtime() const { return folder_ / "run/bed"; }
  SshNode& node(int number) { return *nodes_.at(static_cast<std::size_t>(number - 1)); }
  FakeServer& consul() { return *consul_; }
  FakeServer& docker(int number) { return *dockers_.at(static_cast<std::size_t>(number - 1)); }

  // core1, core2; consul via both, docker of each.
  inventory::Inventory inventory() const;
  // Makes known_hosts new: every node's real key.
  void write_known_hosts() const;

private:
  TempDir folder_;
  std::vector<std::unique_ptr<SshNode>> nodes_;
  std::unique_ptr<FakeServer> consul_;
  std::vector<std::unique_ptr<FakeServer>> dockers_;
  std::uint16_t consul_port_;
};

// One test case: brings everything down before and after.
struct Case {
  Case();
  ~Case();

  tunnels::UpReport up() { return tunnels::up(inventory, {.nodes = {}, .program = LABCTL_PROGRAM}); }
  // The problems that up() fails with.
  std::vector<tunnels::Problem> problems();
  // The only one.
  tunnels::Problem problem();
  // Waits, with a deadline, until the daemon's status fits.
  tunnels::Status wait_status(const std::function<bool(const tunnels::Status&)>& fits);
  pid_t daemon_pid();

  Testbed& bed = Testbed::get();
  inventory::Inventory inventory;
};

// The local ends of its first two forwards.
inline const Endpoint& consul(const Case& test) { return test.inventory.forwards[0].local; }
inline const Endpoint& docker1(const Case& test) { return test.inventory.forwards[1].local; }

// "GET target" over a unix socket or loopback TCP: the answer's body; "" and errno in `error` if connecting
// fails.
struct Answer {
  int error = 0;       // errno of connect()
  std::string text;    // everything that came
  bool reset = false;  // the connection ended by a reset
};
Answer get(const Endpoint& end, const std::string& target);
int connect_to(const Endpoint& end);  // a descriptor, or -errno

const tunnels::ForwardStatus& forward(const tunnels::Status& status, const std::string& name);
bool process_exists(pid_t pid);
void wait_for_end(pid_t pid);

}  // namespace labctl::test
