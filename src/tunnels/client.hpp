#pragma once

#include "base/deadline.hpp"
#include "inventory/inventory.hpp"
#include "ssh/probe.hpp"
#include "tunnels/control.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

// What everybody else uses of the tunnels. All of it blocks, with a deadline, and may be called from any
// thread.
namespace labctl::tunnels {

struct UpOptions {
  std::vector<std::string> nodes;  // only these and the forwards through them; empty: all
  std::filesystem::path program;   // with the hidden daemon command; empty: our own binary
};

struct UpReport {
  bool already_up = false;
  std::chrono::milliseconds elapsed{0};
  Status status;
};

// Some forward does not answer. Nothing was left behind, unless a daemon ran before, which then goes on
// trying. what() holds a line for each problem.
class UpFailed : public Error {
public:
  UpFailed(std::vector<Problem> problems, const std::string& inventory);

  const std::vector<Problem>& problems() const { return problems_; }

private:
  std::vector<Problem> problems_;
};

// Returns when every forward answers; starts the daemon if none runs, and lets a running one try at once what
// is down. UpFailed; Error{conflict} if a daemon runs with other values for this inventory.
UpReport up(const inventory::Inventory& inventory, const UpOptions& options = {});

// Error{conflict} if another user could have made or could change the folder of the inventory's sockets:
// asked before their paths are handed to anybody. A folder that does not exist is no error. All functions
// below ask it first.
void require_ours(const inventory::Inventory& inventory);

// Nothing if no daemon runs.
std::optional<Status> status(const inventory::Inventory& inventory);
// The same by name of the inventory, waiting for a change: returns when the revision is above `newer_than`,
// or after `wait`.
std::optional<Status> status(const std::string& inventory_name, std::uint64_t newer_than = 0,
                             std::chrono::milliseconds wait = {});

// Closes and opens the named forwards (none: all, and the sessions). Returns when they answer. UpFailed;
// Error{not_found} for an unknown forward; Error{unavailable} if no daemon runs.
Status restart(const inventory::Inventory& inventory, const std::vector<std::string>& forwards = {});

// Ends the daemon and waits for its end; at the deadline it is killed. Removes socket files that a killed
// daemon left. False if none ran.
bool down(const inventory::Inventory& inventory);

// For the doctor: what a probe of this node sees, from name to credentials, and on to a remote end.
ssh::ProbeResult probe(const inventory::Node& node, const std::optional<inventory::Endpoint>& remote,
                       Deadline deadline);

}  // namespace labctl::tunnels
