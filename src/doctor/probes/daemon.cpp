#include "doctor/probes.hpp"
#include "tunnels/client.hpp"

namespace labctl::doctor {

std::vector<ProbeTask> daemon_tasks(const inventory::Inventory& inventory, Observations& seen) {
  return {[&seen, &inventory](Deadline) {
    try {
      seen.daemon.status = tunnels::status(inventory);
      seen.daemon.state = seen.daemon.status ? DaemonSeen::State::running : DaemonSeen::State::absent;
    } catch (const Error& error) {
      if (error.kind() == Kind::interrupted) throw;
      seen.daemon.state = DaemonSeen::State::silent;
      seen.daemon.problem = error.line();
    }
  }};
}

}  // namespace labctl::doctor
