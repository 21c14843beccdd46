#pragma once

#include "doctor/rules/diagnosis.hpp"

// The rules by group: each decides, from the observations alone, which findings follow.
namespace labctl::doctor {

// This machine.
void judge_inventory(const Observations& seen, Diagnosis& to);
void judge_runtime(const Observations& seen, Diagnosis& to);
void judge_environment(const Observations& seen, Diagnosis& to);
void judge_hosts_file(const Observations& seen, Diagnosis& to);
void judge_shared_port(const Observations& seen, Diagnosis& to);
void judge_lab_host(const Observations& seen, Diagnosis& to);
void judge_faults(const Observations& seen, Diagnosis& to);
void judge_labs(const Observations& seen, Diagnosis& to);
void judge_probes(const Observations& seen, Diagnosis& to);
// The tunnels: daemon and local ends.
void judge_daemon(const Observations& seen, Diagnosis& to);
void judge_local_ends(const Observations& seen, Diagnosis& to);
void judge_other_forwards(const Observations& seen, Diagnosis& to);
// The logins at the nodes.
void judge_ssh_config(const Observations& seen, Diagnosis& to);
void judge_logins(const Observations& seen, Diagnosis& to);
// The engines and their containers.
void judge_docker(const Observations& seen, Diagnosis& to);
void judge_containers(const Observations& seen, Diagnosis& to);
void judge_volume_driver(const Observations& seen, Diagnosis& to);
// Consul.
void judge_refusals(const Observations& seen, Diagnosis& to);
void judge_consul(const Observations& seen, Diagnosis& to);
void judge_catalog(const Observations& seen, Diagnosis& to);
// The cluster's apps.
void judge_keys(const Observations& seen, Diagnosis& to);
void judge_node_facts(const Observations& seen, Diagnosis& to);
// Whether the last event of an app is a deployment that its record does not name yet.
bool deployment_under_way(const CatalogSeen& catalog, const std::string& app);
// "N" of "maintenance/N" and "migrate/N/success".
std::string app_of_key(const std::string& key);

}  // namespace labctl::doctor
