#include "cluster_view.hpp"

namespace labctl::doctor::view {

std::span<const Case> consul_cases() {
  static const Case all[] = {
      {"no Consul on any way",
       [](auto& s) {
         for (const auto* n : {"core1", "core2"}) {
           node(s, n).consul.emplace(ssh::Cause::target_refused, "refused", n);
           node(s, n).containers["cluster_consul_1"] = "exited";
         }
         bring_down(s, "consul", ssh::Cause::target_refused, "refused");
         s.consul = {};
       },
       {"consul-forward-down"},
       {"consul"}},
      {"a Consul forward that hangs",
       [](auto& s) {
         forward(s, "consul").end.no_answer = Error(Kind::timeout, "no answer");
         s.consul = {};
       },
       {"consul-forward-down"},
       {"consul"}},
      {"an empty leader", [](auto& s) { s.consul.leader = ""; }, {"consul-no-leader"}, {"consul"}},
      {"an answer of 500",
       [](auto& s) {
         s.consul = {};
         forward(s, "consul").end.no_answer = Error(Kind::unavailable, "No cluster leader");
       },
       {"consul-no-leader"},
       {"consul"}},
      {"a daemon that took the forward down for want of a leader",
       [](auto& s) {
         s.consul = {};
         bring_down(s, "consul", ssh::Cause::bad_answer, "no leader");
       },
       {"consul-no-leader"},
       {"consul"}},
      {"no Consul anywhere, which the daemon last heard to have no leader",
       [](auto& s) {
         s.consul = {};
         bring_down(s, "consul", ssh::Cause::bad_answer, "no leader");
         for (auto& n : s.nodes) n.consul.emplace(ssh::Cause::target_refused, "refused", n.name);
       },
       {"consul-forward-down"},
       {"consul"}},
      {"two stopped servers",
       [](auto& s) {
         s.consul.leader = "";
         for (const auto* n : {"core3", "core4"}) node(s, n).containers["cluster_consul_1"] = "exited";
       },
       {"consul-no-leader"},
       {"consul"}},
      {"one way to Consul down",
       [](auto& s) {
         node(s, "core1").consul.emplace(ssh::Cause::target_refused, "refused", "core1");
         node(s, "core1").containers["cluster_consul_1"] = "exited";
         s.consul.failed_members = {"core1"};
       },
       {"consul-agent-down"},
       {"core1"}},
      {"a lost member",
       [](auto& s) { s.consul.failed_members = {"core4"}; },
       {"consul-member-failed"},
       {"core4"}},
      {"other people on this machine",
       [](auto& s) { s.machine.other_users = {"ann"}; },
       {"consul-port-shared"},
       {"127.0.0.1:8500"}},
      {"other people, and Consul on a socket",
       [](auto& s) {
         s.machine.other_users = {"ann"};
         forward(s, "consul").forward.local = Endpoint::unix_socket("/run/t/consul.sock");
       },
       {},
       {}},
      {"ACLs that deny",
       [](auto& s) {
         s.catalog = {false, 403, "Consul answered 403 to /v1/kv/app: Permission denied"};
       },
       {"consul-acl"},
       {"consul"}},
      {"more connections than Consul takes",
       [](auto& s) {
         s.catalog = {false, 429, "Consul answered 429 to /v1/kv/app: too many concurrent connections"};
         forward(s, "consul").end.no_answer = Error(Kind::invalid, "Consul answered 429");
         bring_down(s, "consul", ssh::Cause::bad_answer, "answers 429");
       },
       {"consul-too-many"},
       {"consul"}},
      {"a node that Consul does not know",
       [](auto& s) { s.catalog.nodes.erase("core3"); },
       {"consul-node-missing"},
       {"core3"}},
      {"a node with another name in Consul",
       [](auto& s) {
         s.catalog.nodes.erase("core3");
         s.catalog.nodes["node-c"] = "10.0.0.3";
         node(s, "core3").facts.host_name = "";
       },
       {"node-name-differs"},
       {"core3"}},
      {"a host with another name",
       [](auto& s) { node(s, "core3").facts.host_name = "node-c"; },
       {"node-name-differs"},
       {"core3"}},
      {"a catalog without any node, as ACLs shorten it", [](auto& s) { s.catalog.nodes.clear(); }, {}, {}},
      {"a catalog that nobody could read",
       [](auto& s) {
         s.catalog = {false, 0, "no answer"};
       },
       {},
       {}},
  };
  return all;
}

}  // namespace labctl::doctor::view
