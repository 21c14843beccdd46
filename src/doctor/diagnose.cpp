#include "doctor/diagnose.hpp"

#include "doctor/rules/rules.hpp"

namespace labctl::doctor {
namespace {

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
