#include "cluster_view.hpp"

namespace labctl::doctor::view {

std::span<const Case> login_cases() {
  static const Case all[] = {
      {"a node without sshd",
       [](auto& s) { lose(s, "core3", ssh::Cause::unreachable); },
       {"node-unreachable"},
       {"core3"}},
      {"a node that swallows packets",
       [](auto& s) {
         lose(s, "core3", ssh::Cause::no_answer);
         node(s, "core3").dropped = true;
       },
       {"node-no-answer"},
       {"core3"}},
      {"a refused login beside a session that lives",
       [](auto& s) { node(s, "core3").login.emplace(ssh::Cause::key_refused, "no key accepted", "core3"); },
       {"key-refused"},
       {"core3"}},
      {"an option that cannot be followed",
       [](auto& s) {
         node(s, "core3").login.emplace(ssh::Cause::config_refused, "VerifyHostKeyDNS", "core3");
       },
       {"ssh-config-refused"},
       {"core3"}},
      {"an option that is left out",
       [](auto& s) { s.machine.ssh_config_notes = {"Match exec true (/home/me/.ssh/config:2): skipped"}; },
       {"ssh-config-left-out"},
       {"ssh configuration"}},
      {"a second factor",
       [](auto& s) { lose(s, "core3", ssh::Cause::second_factor); },
       {"second-factor"},
       {"core3"}},
      {"an agent that waits for somebody",
       [](auto& s) { lose(s, "core3", ssh::Cause::agent_silent); },
       {"agent-silent"},
       {"core3"}},
      {"a node too busy for a login",
       [](auto& s) { node(s, "core3").login.emplace(ssh::Cause::no_answer, "no answer", "core3"); },
       {"node-slow"},
       {"core3"}},
      {"a session that ends while we look",
       [](auto& s) {
         node(s, "core3").docker.emplace(ssh::Cause::lost, "lost", "core3");
         bring_down(s, "docker_core3", ssh::Cause::lost, "lost");
       },
       {"node-unreachable"},
       {"core3"}},
      {"a name that does not resolve",
       [](auto& s) { lose(s, "core2", ssh::Cause::name_unknown); },
       {"node-name-unknown"},
       {"core2"}},
      {"an unknown host key",
       [](auto& s) { lose(s, "core2", ssh::Cause::host_key_unknown); },
       {"host-key-unknown"},
       {"core2"}},
      {"a changed host key",
       [](auto& s) { lose(s, "core2", ssh::Cause::host_key_changed); },
       {"host-key-changed"},
       {"core2"}},
      {"a revoked host key",
       [](auto& s) { lose(s, "core2", ssh::Cause::host_key_revoked); },
       {"host-key-revoked"},
       {"core2"}},
      {"a missing key file",
       [](auto& s) {
         for (auto& n : s.nodes) n.login.emplace(ssh::Cause::identity_missing, "no such key", "/k");
       },
       {"identity-missing"},
       {"core1", "core2", "core3", "core4"}},
      {"a key for everybody",
       [](auto& s) { node(s, "core1").login.emplace(ssh::Cause::identity_too_open, "mode 0644", "/k"); },
       {"identity-too-open"},
       {"core1"}},
      {"a locked key",
       [](auto& s) { node(s, "core1").login.emplace(ssh::Cause::identity_encrypted, "passphrase", "/k"); },
       {"identity-encrypted"},
       {"core1"}},
      {"a public key",
       [](auto& s) { node(s, "core1").login.emplace(ssh::Cause::identity_invalid, "no key", "/k"); },
       {"identity-invalid"},
       {"core1"}},
      {"a web server on port 22",
       [](auto& s) { node(s, "core1").login.emplace(ssh::Cause::protocol, "banner", "core1"); },
       {"not-ssh"},
       {"core1"}},
      {"forbidden forwarding",
       [](auto& s) {
         node(s, "core4").docker.emplace(ssh::Cause::forwarding_denied, "denied", "core4");
         bring_down(s, "docker_core4", ssh::Cause::forwarding_denied, "denied");
         bring_down(s, "web", ssh::Cause::forwarding_denied, "denied");
       },
       {"forwarding-denied"},
       {"core4"}},
      {"a lost member on a node that is gone",
       [](auto& s) {
         lose(s, "core3", ssh::Cause::unreachable);
         s.consul.failed_members = {"core3"};
       },
       {"node-unreachable"},
       {"core3"}},
      {"no node of via reachable",
       [](auto& s) {
         lose(s, "core1", ssh::Cause::unreachable);
         lose(s, "core2", ssh::Cause::unreachable);
         bring_down(s, "consul", ssh::Cause::unreachable, "x");
         s.consul = {};
       },
       {"node-unreachable"},
       {"core1", "core2"}},
      {"two faults at once",
       [](auto& s) {
         lose(s, "core3", ssh::Cause::key_refused);
         node(s, "core4").docker.emplace(ssh::Cause::target_refused, "refused", "core4");
         bring_down(s, "docker_core4", ssh::Cause::target_refused, "refused");
       },
       {"key-refused", "docker-down"},
       {"core3"}},
      {"a firewall that lets only the daemon's old session pass",
       [](auto& s) {
         node(s, "core3").login.emplace(ssh::Cause::no_answer, "no answer", "core3");
         node(s, "core3").dropped = true;
       },
       {"node-no-answer"},
       {"core3"}},
      {"an sshd that hangs",
       [](auto& s) { lose(s, "core3", ssh::Cause::no_answer); },
       {"sshd-silent"},
       {"core3"}},
      {"an agent without keys",
       [](auto& s) {
         lose(s, "core3", ssh::Cause::identity_missing);
         node(s, "core3").agent = {AgentSeen::State::answers, "/run/agent", 0};
       },
       {"agent-empty"},
       {"core3"}},
      {"no agent at all",
       [](auto& s) {
         lose(s, "core3", ssh::Cause::identity_missing);
         node(s, "core3").agent = {AgentSeen::State::absent, "/run/agent", 0};
       },
       {"identity-missing"},
       {"core3"}},
      {"an agent with many keys",
       [](auto& s) { lose(s, "core3", ssh::Cause::key_not_tried); },
       {"key-not-tried"},
       {"core3"}},
      {"a server that takes no RSA",
       [](auto& s) {
         lose(s, "core3", ssh::Cause::key_refused);
         node(s, "core3").keys = {true, {"ssh-ed25519", "ssh-rsa"}};
       },
       {"rsa-refused"},
       {"core3"}},
      {"an RSA key that a server refuses, though it takes RSA",
       [](auto& s) {
         lose(s, "core3", ssh::Cause::key_refused);
         node(s, "core3").keys = {true, {"ssh-ed25519", "rsa-sha2-512"}};
       },
       {"key-refused"},
       {"core3"}},
      {"an RSA key that a server refuses, and nobody knows why",
       [](auto& s) {
         lose(s, "core3", ssh::Cause::key_refused);
         node(s, "core3").keys.only_rsa = true;
       },
       {"key-refused"},
       {"core3"}},
  };
  return all;
}

}  // namespace labctl::doctor::view
