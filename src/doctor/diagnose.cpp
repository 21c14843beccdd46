#include "doctor/diagnose.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace labctl::doctor {
namespace {

using tunnels::ForwardState;

// The findings so far, and what they explain. Rules run in the order of their table; each rule sees what
// earlier rules have explained.
class Diagnosis {
public:
  // Joins findings with the same id, so that a missing key is reported once for all nodes.
  void add(std::string_view id, const std::string& subject, std::vector<std::string> evidence) {
    auto found =
        std::find_if(findings_.begin(), findings_.end(), [&](const Finding& f) { return f.id == id; });
    if (found == findings_.end()) found = findings_.insert(found, Finding{std::string(id), {}, {}, {}});
    if (std::find(found->subjects.begin(), found->subjects.end(), subject) == found->subjects.end())
      found->subjects.push_back(subject);
    for (auto& line : evidence) {
      if (std::find(found->evidence.begin(), found->evidence.end(), line) == found->evidence.end())
        found->evidence.push_back(std::move(line));
    }
  }

  void explain_node(const std::string& node) { nodes_.insert(node); }
  void explain_forward(const std::string& forward) { forwards_.insert(forward); }
  void explain_consul_containers() { consul_containers_ = true; }
  bool node_explained(const std::string& node) const { return nodes_.contains(node); }
  bool consul_containers_explained() const { return consul_containers_; }
  // Whether the forward itself is explained, or every node that can carry it.
  bool forward_explained(const inventory::Forward& forward) const {
    return forwards_.contains(forward.name) ||
           std::all_of(forward.via.begin(), forward.via.end(),
                       [&](const auto& node) { return nodes_.contains(node); });
  }

  std::vector<Finding> take() {
    for (auto& finding : findings_) {
      finding.remedy = replace_all(trouble(finding.id).remedy, "{}", join(finding.subjects, ", "));
    }
    return std::move(findings_);
  }

private:
  std::vector<Finding> findings_;
  std::set<std::string> nodes_;
  std::set<std::string> forwards_;
  bool consul_containers_ = false;
};

const tunnels::ForwardStatus* status_of(const Observations& seen, const std::string& forward) {
  if (!seen.daemon.status) return nullptr;
  for (const auto& status : seen.daemon.status->forwards) {
    if (status.name == forward) return &status;
  }
  return nullptr;
}

std::string end_of(const ForwardSeen& forward) { return to_string(forward.forward.local); }

bool running(const Observations& seen) { return seen.daemon.state == DaemonSeen::State::running; }

void judge_inventory(const Observations& seen, Diagnosis& to) {
  if (!seen.inventory.problem) return;
  const auto& problem = *seen.inventory.problem;
  const bool none = problem.kind() == Kind::not_found && problem.where().empty();
  const char* id = problem.kind() == Kind::usage ? "inventory-ambiguous"
                   : none                        ? "inventory-none"
                                                 : "inventory-invalid";
  to.add(id, problem.where(), {problem.line()});
}

void judge_runtime(const Observations& seen, Diagnosis& to) {
  if (!seen.runtime.problem.empty()) to.add("runtime-folder", seen.runtime.path, {seen.runtime.problem});
}

std::string_view trouble_of(ssh::Cause cause) {
  using ssh::Cause;
  switch (cause) {
    case Cause::name_unknown:
      return "node-name-unknown";
    case Cause::host_key_unknown:
      return "host-key-unknown";
    case Cause::host_key_changed:
      return "host-key-changed";
    case Cause::host_key_revoked:
      return "host-key-revoked";
    case Cause::identity_missing:
      return "identity-missing";
    case Cause::identity_too_open:
      return "identity-too-open";
    case Cause::identity_encrypted:
      return "identity-encrypted";
    case Cause::identity_invalid:
      return "identity-invalid";
    case Cause::key_refused:
      return "key-refused";
    case Cause::config_refused:
      return "ssh-config-refused";
    case Cause::second_factor:
      return "second-factor";
    case Cause::agent_silent:
      return "agent-silent";
    case Cause::forwarding_denied:
      return "forwarding-denied";
    case Cause::protocol:
      return "not-ssh";
    default:
      return "node-unreachable";
  }
}

bool works(const Observations& seen, const ForwardSeen& forward) {
  const auto* status = status_of(seen, forward.forward.name);
  if (status != nullptr && status->state == ForwardState::down) return false;
  if (!forward.listens_here()) return status != nullptr && status->state == ForwardState::up;
  return forward.end.state == LocalEndSeen::State::accepts && !forward.end.no_answer;
}

// Whether the session failed, not the service behind it.
bool lost_session(const std::optional<ssh::Failure>& channel) {
  return channel && (channel->cause() == ssh::Cause::no_answer || channel->cause() == ssh::Cause::lost);
}

bool docker_works(const Observations& seen, const std::string& node) {
  return std::any_of(seen.forwards.begin(), seen.forwards.end(), [&](const ForwardSeen& forward) {
    return forward.forward.is_docker_of(node) && works(seen, forward);
  });
}

void judge_logins(const Observations& seen, Diagnosis& to) {
  for (const auto& node : seen.nodes) {
    const auto& failure = node.login ? node.login : lost_session(node.docker) ? node.docker : std::nullopt;
    // The doctor's own login or channel gets no answer, but the daemon's Docker forward works: the node is
    // busy, not down.
    if (failure && failure->cause() == ssh::Cause::no_answer && running(seen) &&
        docker_works(seen, node.name)) {
      to.add("node-slow", node.name, {failure->line()});
      to.explain_node(node.name);
    } else if (failure && !node.login) {
      to.add("node-unreachable", node.name, {failure->line()});
      to.explain_node(node.name);
    } else if (node.login) {
      to.add(trouble_of(node.login->cause()), node.name, {node.login->line()});
      to.explain_node(node.name);
    }
    if (to.node_explained(node.name)) continue;
    for (const auto* channel : {&node.docker, &node.consul}) {
      if (*channel && (*channel)->cause() == ssh::Cause::forwarding_denied) {
        to.add("forwarding-denied", node.name, {(*channel)->line()});
        to.explain_node(node.name);
      }
    }
  }
}

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
        if (!running(seen) || status->state != ForwardState::up || !forward.forward.local.is_unix_socket())
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

// Why a forward does not work: the errors of the probe and of the daemon.
std::vector<std::string> complaints(const Observations& seen, const ForwardSeen& forward) {
  std::vector<std::string> lines;
  const auto* status = status_of(seen, forward.forward.name);
  if (forward.end.no_answer) lines.push_back(forward.end.no_answer->line());
  if (forward.end.state == LocalEndSeen::State::nobody_listens)
    lines.push_back(end_of(forward) + ": no process listens");
  if (status != nullptr && status->state != ForwardState::up && status->last_error)
    lines.push_back("daemon: " + status->last_error->line());
  return lines;
}

void judge_docker(const Observations& seen, Diagnosis& to) {
  for (const auto& node : seen.nodes) {
    if (to.node_explained(node.name)) continue;
    const auto forward = std::find_if(seen.forwards.begin(), seen.forwards.end(), [&](const ForwardSeen& f) {
      return f.forward.is_docker_of(node.name);
    });
    if (forward == seen.forwards.end()) continue;
    if (node.docker && !works(seen, *forward)) {
      auto evidence = complaints(seen, *forward);
      evidence.insert(evidence.begin(), node.docker->line());
      to.add("docker-down", node.name, evidence);
      to.explain_forward(forward->forward.name);
    } else if (!to.forward_explained(forward->forward) && !works(seen, *forward)) {
      // If the local end accepts connections but there is no valid answer, the tunnel is fine and the engine
      // is not.
      const bool engine = forward->end.state == LocalEndSeen::State::accepts && forward->end.no_answer;
      to.add(engine ? "docker-down" : "forward-down", engine ? node.name : forward->forward.name,
             complaints(seen, *forward));
      to.explain_forward(forward->forward.name);
    }
  }
}

std::vector<std::string> stopped_consuls(const Observations& seen) {
  std::vector<std::string> lines;
  for (const auto& node : seen.nodes) {
    for (const auto& [name, state] : node.containers) {
      if (name.find("consul") != std::string::npos && state != "running")
        lines.push_back(fmt::format("{} on {} is {}", name, node.name, state));
    }
  }
  return lines;
}

void judge_consul(const Observations& seen, Diagnosis& to) {
  const auto forward = std::find_if(seen.forwards.begin(), seen.forwards.end(),
                                    [](const ForwardSeen& f) { return f.is_consul(); });
  if (forward == seen.forwards.end()) return;
  std::vector<std::string> closed;  // errors of the nodes through which Consul cannot be reached
  std::size_t ways = 0;
  for (const auto& node : seen.nodes) {
    if (to.node_explained(node.name)) continue;
    ++ways;
    if (node.consul) closed.push_back(node.consul->line());
  }
  const auto* status = status_of(seen, forward->forward.name);
  // The daemon's last error is older than the doctor's own probe. If the probe reached no Consul through any
  // node, the problem is not a missing leader.
  const bool daemon_says_leaderless = closed.size() < ways && status != nullptr &&
                                      status->state != ForwardState::up && status->last_error &&
                                      status->last_error->cause == ssh::to_string(ssh::Cause::bad_answer);
  const bool asked = forward->end.state == LocalEndSeen::State::accepts;
  const bool answers_leaderless =
      asked && (forward->end.no_answer ? forward->end.no_answer->kind() == Kind::unavailable
                                       : seen.consul.leader.empty());

  const auto report = [&](std::string_view id, const std::string& subject,
                          std::vector<std::string> evidence) {
    for (auto& line : complaints(seen, *forward)) evidence.push_back(std::move(line));
    evidence.insert(evidence.end(), closed.begin(), closed.end());
    for (auto& line : stopped_consuls(seen)) evidence.push_back(std::move(line));
    to.add(id, subject, evidence);
    to.explain_forward(forward->forward.name);
    to.explain_consul_containers();
  };
  if (to.forward_explained(forward->forward)) return;
  if (answers_leaderless || daemon_says_leaderless) {
    const bool empty = asked && !forward->end.no_answer;
    report(
        "consul-no-leader", "consul",
        empty ? std::vector<std::string>{end_of(*forward) + " names no leader"} : std::vector<std::string>{});
  } else if (!works(seen, *forward)) {
    report("consul-forward-down", "consul", {});
  } else {
    for (const auto& node : seen.nodes) {
      if (!node.consul || to.node_explained(node.name)) continue;
      to.add("consul-agent-down", node.name, {node.consul->line()});
      to.explain_consul_containers();
    }
    for (const auto& member : seen.consul.failed_members) {
      if (!to.node_explained(member) && !to.consul_containers_explained())
        to.add("consul-member-failed", member, {"consul: member " + member + " is not alive"});
    }
  }
}

bool is_stopped_on_purpose(const Observations& seen, const std::string& node, const std::string& container) {
  const cluster::Fault stopped = cluster::StoppedContainer{node, container};
  return std::any_of(seen.faults.begin(), seen.faults.end(),
                     [&](const auto& left) { return left.fault == stopped; });
}

void judge_faults(const Observations& seen, Diagnosis& to) {
  for (const auto& left : seen.faults) to.add("fault-left", cluster::where(left.fault), {left.text()});
}

void judge_containers(const Observations& seen, Diagnosis& to) {
  for (const auto& node : seen.nodes) {
    if (!node.containers_known) continue;
    for (const auto& [name, state] : node.containers) {
      const bool consul = name.find("consul") != std::string::npos;
      if (state == "running" || (consul && to.consul_containers_explained())) continue;
      if (is_stopped_on_purpose(seen, node.name, name)) continue;
      to.add(state == "restarting" ? "container-restarting" : "container-not-running", node.name,
             {fmt::format("{} on {} is {}", name, node.name, state)});
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

void judge_labs(const Observations& seen, Diagnosis& to) {
  for (const auto& lab : seen.labs) {
    if (!lab.leftovers.empty()) to.add("lab-leftovers", lab.name, lab.leftovers);
  }
}

void judge_probes(const Observations& seen, Diagnosis& to) {
  for (const auto& line : seen.broken_probes) to.add("probe-failed", split(line, ':').front(), {line});
}

using Rule = void (*)(const Observations&, Diagnosis&);

// The order is from what labctl itself needs to what is behind the tunnels.
constexpr Rule rules[] = {
    judge_inventory, judge_runtime, judge_logins,     judge_daemon,         judge_local_ends, judge_docker,
    judge_consul,    judge_faults,  judge_containers, judge_other_forwards, judge_labs,       judge_probes,
};

}  // namespace

std::vector<Finding> diagnose(const Observations& seen) {
  Diagnosis diagnosis;
  for (const auto rule : rules) rule(seen, diagnosis);
  return diagnosis.take();
}

}  // namespace labctl::doctor
