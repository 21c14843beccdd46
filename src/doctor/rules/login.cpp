#include "base/text.hpp"
#include "doctor/rules/rules.hpp"

#include <algorithm>

namespace labctl::doctor {
namespace {

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
    case Cause::key_not_tried:
      return "key-not-tried";
    case Cause::no_answer:
      return "sshd-silent";
    case Cause::forwarding_denied:
      return "forwarding-denied";
    case Cause::protocol:
      return "not-ssh";
    default:
      return "node-unreachable";
  }
}

// RFC 8332 names the signatures that an RSA key can make; "ssh-rsa" is the one with SHA-1, which our side
// does not make.
bool takes_no_rsa(const std::vector<std::string>& algorithms) {
  return !algorithms.empty() && std::none_of(algorithms.begin(), algorithms.end(), [](const auto& name) {
    return name == "rsa-sha2-256" || name == "rsa-sha2-512";
  });
}

// Refines what the login itself said by what else was looked at.
void add_login(const NodeSeen& node, Diagnosis& to) {
  const auto cause = node.login->cause();
  std::vector<std::string> evidence{node.login->line()};
  std::string_view id = trouble_of(cause);
  if (node.dropped) {
    id = "node-no-answer";
  } else if (cause == ssh::Cause::identity_missing && node.agent.state == AgentSeen::State::answers &&
             node.agent.keys == 0) {
    id = "agent-empty";
    evidence.push_back("the ssh-agent at " + node.agent.socket + " answers, and lists no key");
  } else if (cause == ssh::Cause::key_refused && node.keys.only_rsa) {
    const auto& algorithms = node.keys.signature_algorithms;
    if (takes_no_rsa(algorithms)) {
      id = "rsa-refused";
      evidence.push_back(node.name + ": sshd takes signatures of " + join(algorithms, ", "));
    } else {
      // Seen with OpenSSH 9.2: it lists what it knows, not what its configuration allows.
      evidence.push_back(node.name +
                         ": every key is an RSA key; whether sshd takes RSA keys cannot be told from here");
    }
  }
  to.add(id, node.name, std::move(evidence));
  to.explain_node(node.name);
}

// Whether the session failed, not the service behind it.
bool lost_session(const std::optional<ssh::Failure>& channel) {
  return channel && (channel->cause() == ssh::Cause::no_answer || channel->cause() == ssh::Cause::lost);
}

}  // namespace

void judge_ssh_config(const Observations& seen, Diagnosis& to) {
  for (const auto& note : seen.machine.ssh_config_notes)
    to.add("ssh-config-left-out", "ssh configuration", {note});
}

void judge_logins(const Observations& seen, Diagnosis& to) {
  for (const auto& node : seen.nodes) {
    if (to.node_explained(node.name)) continue;
    const auto& failure = node.login ? node.login : lost_session(node.docker) ? node.docker : std::nullopt;
    // The doctor's own login or channel gets no answer, but the daemon's Docker forward works: the node is
    // busy, not down.
    if (failure && failure->cause() == ssh::Cause::no_answer && !node.dropped && running(seen) &&
        docker_works(seen, node.name)) {
      to.add("node-slow", node.name, {failure->line()});
      to.explain_node(node.name);
    } else if (failure && !node.login) {
      to.add("node-unreachable", node.name, {failure->line()});
      to.explain_node(node.name);
    } else if (node.login) {
      add_login(node, to);
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

}  // namespace labctl::doctor
