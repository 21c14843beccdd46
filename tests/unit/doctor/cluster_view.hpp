#pragma once

#include "doctor/observations.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

// The observations of a healthy cluster with four nodes, and what becomes of them when something breaks.
namespace labctl::doctor::view {

Observations healthy();

ForwardSeen& forward(Observations& seen, const std::string& name);
tunnels::ForwardStatus& status(Observations& seen, const std::string& name);
NodeSeen& node(Observations& seen, const std::string& name);

// What the daemon and a client see of a forward that is down.
void bring_down(Observations& seen, const std::string& name, ssh::Cause cause, const std::string& words);
// The node listens for this forward, and its server on this machine is not there.
void make_remote(Observations& seen, const std::string& name);
// No daemon runs, and no process listens on any local end.
void stop_daemon(Observations& seen, LocalEndSeen::State sockets);
// The doctor's own login to a node fails, and so do the daemon's forwards through it.
void lose(Observations& seen, const std::string& name, ssh::Cause cause);

// What is broken, and the findings that must follow.
struct Case {
  const char* what;
  std::function<void(Observations&)> plant;
  std::vector<std::string> ids;
  std::vector<std::string> subjects;  // of the first finding
};

std::span<const Case> machine_cases();
std::span<const Case> tunnel_cases();
std::span<const Case> login_cases();
std::span<const Case> engine_cases();
std::span<const Case> consul_cases();
std::span<const Case> cluster_cases();
std::vector<Case> all_cases();

}  // namespace labctl::doctor::view
