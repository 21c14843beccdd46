#pragma once

#include "base/deadline.hpp"
#include "inventory/inventory.hpp"
#include "ssh/host_key.hpp"
#include "ssh/probe.hpp"
#include "tunnels/control.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

// The interface of the tunnels for other modules. All functions block, with a deadline, and may be called
// from any thread.
namespace labctl::tunnels {

struct UpOptions {
  std::vector<std::string> nodes;  // only these and the forwards through them; empty: all
  std::filesystem::path program;   // that has the hidden daemon command; empty: our own binary
};

struct UpReport {
  bool already_up = false;
  std::chrono::milliseconds elapsed{0};
  Status status;
};

// At least one forward does not answer. The start was undone, unless a daemon ran before; that daemon keeps
// retrying. what() has one line per problem.
class UpFailed : public Error {
public:
  UpFailed(std::vector<Problem> problems, const std::string& inventory);

  const std::vector<Problem>& problems() const { return problems_; }

private:
  std::vector<Problem> problems_;
};

// Returns when every forward answers. Starts the daemon if none runs; a running daemon retries at once what
// is down. Asks for a passphrase (TypedPassphrases) if a login needs one. UpFailed; Error{conflict} if a
// daemon runs with other values for this inventory.
UpReport up(const inventory::Inventory& inventory, const UpOptions& options = {});

// Error{conflict} if another user could have created or could change the folder of the inventory's sockets;
// call it before you pass their paths on. A missing folder is not an error. All functions below call it
// first.
void require_ours(const inventory::Inventory& inventory);

// nullopt if no daemon runs.
std::optional<Status> status(const inventory::Inventory& inventory);
// The same by inventory name, and waits for a change: returns when the revision is above `newer_than`, or
// after `wait`.
std::optional<Status> status(const std::string& inventory_name, std::uint64_t newer_than = 0,
                             std::chrono::milliseconds wait = {});

// Closes and reopens the named forwards (empty: all forwards and sessions). Returns when they answer.
// UpFailed; Error{not_found} for an unknown forward; Error{unavailable} if no daemon runs.
Status restart(const inventory::Inventory& inventory, const std::vector<std::string>& forwards = {});

// Stops the daemon and waits until it exits; at the deadline it is killed. Removes socket files that a killed
// daemon left. False if none ran.
bool down(const inventory::Inventory& inventory);

// The host key of the node; of the first jump host on the way to it whose key known_hosts does not have, if
// there is one. `where` says which: "core1", "gate". Throws ssh::Failure, also for an ssh configuration that
// labctl cannot follow.
struct HostKeySeen {
  std::string where;
  ssh::HostKey key;
};
HostKeySeen host_key(const inventory::Node& node, Deadline deadline);

// For the doctor: a probe of this node, from name resolution to login, and then to a remote end.
ssh::ProbeResult probe(const inventory::Node& node, const std::optional<Endpoint>& remote, Deadline deadline);

}  // namespace labctl::tunnels
