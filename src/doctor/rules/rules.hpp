#pragma once

#include "doctor/rules/diagnosis.hpp"

// The rules by group: each decides, from the observations alone, which findings follow.
namespace labctl::doctor {

// This machine.
void judge_inventory(const Observations& seen, Diagnosis& to);
void judge_runtime(const Observations& seen, Diagnosis& to);
void judge_faults(const Observations& seen, Diagnosis& to);
void judge_labs(const Observations& seen, Diagnosis& to);
void judge_probes(const Observations& seen, Diagnosis& to);
// The tunnels: daemon and local ends.
void judge_daemon(const Observations& seen, Diagnosis& to);
void judge_local_ends(const Observations& seen, Diagnosis& to);
void judge_other_forwards(const Observations& seen, Diagnosis& to);
// The logins at the nodes.
void judge_logins(const Observations& seen, Diagnosis& to);
// The engines and their containers.
void judge_docker(const Observations& seen, Diagnosis& to);
void judge_containers(const Observations& seen, Diagnosis& to);
// Consul.
void judge_consul(const Observations& seen, Diagnosis& to);

}  // namespace labctl::doctor
