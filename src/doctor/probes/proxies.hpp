#pragma once

#include "base/deadline.hpp"
#include "docker/client.hpp"
#include "docker/engine.hpp"
#include "doctor/observations.hpp"
#include "doctor/probes/node_report.hpp"
#include "doctor/probes/promised.hpp"
#include "inventory/inventory.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace labctl::doctor {

// Looks at the proxies of a node. `report` was made just before.
ProxiesSeen look_at_proxies(docker::Engine& engine, docker::Client& docker,
                            const inventory::Conventions& conventions, const Promised& promised,
                            const NodeReport& report, Deadline deadline);

// Whether they differ from KV or from their files, apart from ages.
bool proxies_differ(const ProxiesSeen& seen);

// The later look, with only the differences that the earlier one has too.
ProxiesSeen seen_twice(const ProxiesSeen& earlier, ProxiesSeen later);

// The ages in seconds from the table that `docker top CONTAINER -eo pid,etimes` gives; empty if it has none.
std::vector<double> process_ages(const std::vector<std::string>& titles,
                                 const std::vector<std::vector<std::string>>& processes);

// The domains that a rendered haproxy.cfg has no rule for (contract 6).
std::vector<std::string> domains_without_rule(std::string_view haproxy_cfg,
                                              const std::vector<std::string>& domains);

}  // namespace labctl::doctor
