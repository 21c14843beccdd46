#pragma once

#include "doctor/observations.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace labctl::doctor {

// Reads what the script on a node printed. Error{invalid} if it is not that.
void read_node_report(std::string_view printed, NodeFacts& facts);

// The ages in seconds from the table that `docker top CONTAINER -eo pid,etimes` gives; empty if it has none.
std::vector<double> process_ages(const std::vector<std::string>& titles,
                                 const std::vector<std::vector<std::string>>& processes);

// The domains that a rendered haproxy.cfg has no rule for (contract 6).
std::vector<std::string> domains_without_rule(std::string_view haproxy_cfg,
                                              const std::vector<std::string>& domains);

}  // namespace labctl::doctor
