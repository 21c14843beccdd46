#include "base/text.hpp"
#include "doctor/rules/rules.hpp"

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

void judge_labs(const Observations& seen, Diagnosis& to) {
  for (const auto& lab : seen.labs) {
    if (!lab.leftovers.empty()) to.add("lab-leftovers", lab.name, lab.leftovers);
  }
}

void judge_probes(const Observations& seen, Diagnosis& to) {
  for (const auto& line : seen.broken_probes) to.add("probe-failed", split(line, ':').front(), {line});
}

}  // namespace labctl::doctor
