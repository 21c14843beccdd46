#include "cluster_view.hpp"

namespace labctl::doctor::view {

std::span<const Case> machine_cases() {
  static const Case all[] = {
      {"everything in order", [](auto&) {}, {}, {}},
      {"no inventory",
       [](auto& s) {
         s = {};
         s.inventory.problem = Error(Kind::not_found, "no inventory: ...");
       },
       {"inventory-none"},
       {""}},
      {"two labs that are up",
       [](auto& s) {
         s = {};
         s.inventory.problem = Error(Kind::usage, "several labs are up");
       },
       {"inventory-ambiguous"},
       {""}},
      {"a broken inventory",
       [](auto& s) {
         s = {};
         s.inventory.problem = Error(Kind::invalid, "unknown key", "inv.yaml:3:1");
       },
       {"inventory-invalid"},
       {"inv.yaml:3:1"}},
      {"an inventory that is named but missing",
       [](auto& s) {
         s = {};
         s.inventory.problem = Error(Kind::not_found, "no such file", "x.yaml");
       },
       {"inventory-invalid"},
       {"x.yaml"}},
      {"a runtime folder for everybody",
       [](auto& s) { s.runtime.problem = "/run/t has mode 0777"; },
       {"runtime-folder"},
       {"/run/t"}},
      {"things of a killed lab",
       [](auto& s) {
         s.labs = {{"old", {"bridge lab-old"}}, {"gone", {}}};
       },
       {"lab-leftovers"},
       {"old"}},
      {"a probe that broke",
       [](auto& s) { s.broken_probes = {"nodes: no memory"}; },
       {"probe-failed"},
       {"nodes"}},
      {"a proxy that a killed test stopped, and another that is down by itself",
       [](auto& s) {
         for (const auto* name : {"core2", "core3"}) node(s, name).containers["cluster_caddy_1"] = "exited";
         s.faults.push_back({cluster::StoppedContainer{"core2", "cluster_caddy_1"}, {}});
       },
       {"fault-left", "container-not-running"},
       {"core2"}},
  };
  return all;
}

}  // namespace labctl::doctor::view
