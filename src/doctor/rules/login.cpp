#include "doctor/rules/rules.hpp"

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
    case Cause::forwarding_denied:
      return "forwarding-denied";
    case Cause::protocol:
      return "not-ssh";
    default:
      return "node-unreachable";
  }
}

// Whether the session failed, not the service behind it.
bool lost_session(const std::optional<ssh::Failure>& channel) {
  return channel && (channel->cause() == ssh::Cause::no_answer || channel->cause() == ssh::Cause::lost);
}

}  // namespace

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

}  // namespace labctl::doctor
