#include "base/text.hpp"
#include "doctor/rules/rules.hpp"

#include <fmt/format.h>

namespace labctl::doctor {

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

void judge_faults(const Observations& seen, Diagnosis& to) {
  for (const auto& left : seen.faults) to.add("fault-left", cluster::where(left.fault), {left.text()});
}

void judge_lab_host(const Observations& seen, Diagnosis& to) {
  const auto& host = seen.lab_host;
  for (const auto& thing : host.lacking) to.add("lab-kernel", "kernel", {"the kernel has no " + thing});
  if (host.inotify_most > 0 && host.inotify_used >= host.inotify_most) {
    to.add("lab-inotify", "fs.inotify.max_user_instances",
           {fmt::format("root's processes use {} inotify instances, and fs.inotify.max_user_instances is {}",
                        host.inotify_used, host.inotify_most)});
  }
  for (const auto& route : host.routes) {
    to.add("lab-route", route.lab,
           {fmt::format("{} ({}) is reached through {}, and the lab is behind {}", route.node, route.address,
                        route.other, route.interface)});
    for (const auto& node : seen.nodes) {
      if (node.address == route.address) to.explain_node(node.name);
    }
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

}  // namespace labctl::doctor
