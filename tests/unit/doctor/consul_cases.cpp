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
  };
  return all;
}

}  // namespace labctl::doctor::view
