#include "doctor/rules/rules.hpp"

#include <fmt/format.h>

namespace labctl::doctor {

void judge_daemon(const Observations& seen, Diagnosis& to) {
  // The doctor does not query a daemon in a folder that other users could have created.
  if (!seen.runtime.problem.empty()) {
    for (const auto& forward : seen.forwards) to.explain_forward(forward.forward.name);
    return;
  }
  if (seen.daemon.state == DaemonSeen::State::silent) {
    to.add("daemon-silent", "daemon", {seen.daemon.problem});
    for (const auto& forward : seen.forwards) to.explain_forward(forward.forward.name);
    return;
  }
  if (running(seen) || seen.inventory.problem) return;
  bool stale = false;
  for (const auto& forward : seen.forwards) {
    const auto state = forward.end.state;
    const bool unix_socket = forward.forward.local.is_unix_socket();
    if (unix_socket && state == LocalEndSeen::State::nobody_listens) {
      to.add("stale-socket", end_of(forward),
             {end_of(forward) + ": the file exists without a listener; the tunnel daemon does not run"});
      stale = true;
    }
    // The daemon does not run, so another process occupies its port.
    if (!unix_socket && state == LocalEndSeen::State::accepts) {
      to.add("port-taken", end_of(forward),
             {end_of(forward) + " accepts connections, but the tunnel daemon does not run"});
    }
    if (state == LocalEndSeen::State::missing || state == LocalEndSeen::State::nobody_listens)
      to.explain_forward(forward.forward.name);
  }
  if (!stale)
    to.add("daemon-not-running", "daemon", {"no response on the control socket in " + seen.runtime.path});
}

void judge_local_ends(const Observations& seen, Diagnosis& to) {
  for (const auto& forward : seen.forwards) {
    const auto& name = forward.forward.name;
    const auto end = end_of(forward);
    if (running(seen) && status_of(seen, name) == nullptr) {
      to.add("forward-not-carried", name,
             {fmt::format("the daemon (pid {}) does not know {}", seen.daemon.status->pid, name)});
      to.explain_forward(name);
      continue;
    }
    if (!forward.listens_here()) continue;
    switch (forward.end.state) {
      case LocalEndSeen::State::foreign_file:
        to.add("socket-foreign", end, {end + " is no socket"});
        to.explain_forward(name);
        break;
      case LocalEndSeen::State::not_permitted:
        to.add("socket-not-permitted", end, {"connect to " + end + ": permission denied"});
        to.explain_forward(name);
        break;
      case LocalEndSeen::State::nobody_listens:
      case LocalEndSeen::State::missing: {
        // The daemon closes the local end of a forward that is down. Then the daemon's status of it decides,
        // not the file.
        const auto* status = status_of(seen, name);
        if (!running(seen) || status->state != tunnels::ForwardState::up ||
            !forward.forward.local.is_unix_socket())
          break;
        const bool missing = forward.end.state == LocalEndSeen::State::missing;
        to.add(missing ? "socket-missing" : "stale-socket", missing ? name : end,
               {fmt::format("{}: {}; the daemon (pid {}) says it is up", end,
                            missing ? "there is no file" : "the file exists without a listener",
                            seen.daemon.status->pid)});
        to.explain_forward(name);
        break;
      }
      case LocalEndSeen::State::accepts:
        break;
    }
  }
}

void judge_other_forwards(const Observations& seen, Diagnosis& to) {
  for (const auto& forward : seen.forwards) {
    if (to.forward_explained(forward.forward) || works(seen, forward)) continue;
    auto evidence = complaints(seen, forward);
    if (evidence.empty() && forward.listens_here())
      evidence.push_back(end_of(forward) + " does not accept connections");
    if (evidence.empty()) evidence.push_back("sshd does not listen at " + to_string(forward.forward.remote));
    to.add("forward-down", forward.forward.name, evidence);
  }
}

}  // namespace labctl::doctor
