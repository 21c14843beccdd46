#pragma once

#include "inventory/inventory.hpp"
#include "ssh_node.hpp"
#include "support/fake_server.hpp"
#include "support/temp_dir.hpp"
#include "tunnels/client.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace labctl::test {

// Two real sshds, with a fake Consul and one fake dockerd per node behind them, an inventory, and separate
// runtime and home folders. Created once for the program; every test case starts with tunnels down and a
// fresh inventory.
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

  // core1, core2; consul through both, and docker of each.
  inventory::Inventory inventory() const;
  // Writes known_hosts again, with every node's real key.
  void write_known_hosts() const;
  // Adds the key of a node at another port on loopback; write_known_hosts() removes it.
  void trust(std::uint16_t port) const;

private:
  TempDir folder_;
  std::vector<std::unique_ptr<SshNode>> nodes_;
  std::unique_ptr<FakeServer> consul_;
  std::vector<std::unique_ptr<FakeServer>> dockers_;
  std::uint16_t consul_port_;
};

// One test case: closes all tunnels before and after.
struct Case {
  Case();
  ~Case();

  tunnels::UpReport up() { return tunnels::up(inventory, {.nodes = {}, .program = LABCTL_PROGRAM}); }
  // The problems that up() fails with.
  std::vector<tunnels::Problem> problems();
  // The only problem that up() fails with.
  tunnels::Problem problem();
  // Waits, with a deadline, until `fits` is true for the daemon's status.
  tunnels::Status wait_status(const std::function<bool(const tunnels::Status&)>& fits);
  pid_t daemon_pid();
  // Kills or starts core1's own node (use_node), and waits until the forward is down or up.
  void kill_node(const std::string& forward);
  void start_node(const std::string& forward);
  // A file with core1 alone, its docker and consul, for the program itself; with this key.
  std::filesystem::path inventory_file(const std::filesystem::path& identity) const;
  // From now on, core1 of the inventory is `node`: an sshd of this case's own, with these options.
  void use_node(std::vector<std::string> options);

  Testbed& bed = Testbed::get();
  inventory::Inventory inventory;
  std::optional<SshNode> node;
};

// The local ends of the first two forwards of its inventory.
inline const Endpoint& consul(const Case& test) { return test.inventory.forwards[0].local; }
inline const Endpoint& docker1(const Case& test) { return test.inventory.forwards[1].local; }

// Sends "GET target" over a unix socket or loopback TCP; if connecting fails, `error` is errno and `text` is
// "". May be called from any thread, so it uses no macro of Boost.Test, which is for one thread only.
struct Answer {
  int error = 0;       // errno of connect(); ETIMEDOUT if the connection was still open after 20 s
  std::string text;    // everything that was received
  bool reset = false;  // the connection ended by a reset
};
Answer get(const Endpoint& end, const std::string& target);
int connect_to(const Endpoint& end);  // a descriptor, or -errno

// How a test case logs in with an ssh file of the user's.
struct LoginWithFile {
  std::function<void(const std::string& text)> write;
  std::function<bool()> ssh_logs_in;
  std::function<std::string()> problem_of_labctl;  // "" if it logs in
};
// Checks for each text that labctl logs in if, and only if, ssh does. Each outcome must occur more than
// `least` times.
void logs_in_where_ssh_does(const std::vector<std::string>& texts, const LoginWithFile& login, int least);

const tunnels::ForwardStatus& forward(const tunnels::Status& status, const std::string& name);
bool process_exists(pid_t pid);
void wait_for_end(pid_t pid);

}  // namespace labctl::test
