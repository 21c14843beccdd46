#include "doctor/diagnose.hpp"

#include "doctor/rules/rules.hpp"

namespace labctl::doctor {
namespace {

using Rule = void (*)(const Observations&, Diagnosis&);

// The order is from what labctl itself needs to what is behind the tunnels.
constexpr Rule rules[] = {
    judge_inventory,     judge_runtime,     judge_environment, judge_hosts_file,     judge_lab_host,
    judge_ssh_config,    judge_logins,      judge_daemon,      judge_local_ends,     judge_docker,
    judge_volume_driver, judge_refusals,    judge_consul,      judge_catalog,        judge_faults,
    judge_containers,    judge_keys,        judge_node_facts,  judge_other_forwards, judge_labs,
    judge_probes,        judge_shared_port,
};

}  // namespace

std::vector<Finding> diagnose(const Observations& seen) {
  Diagnosis diagnosis;
  for (const auto rule : rules) rule(seen, diagnosis);
  return diagnosis.take();
}

}  // namespace labctl::doctor
