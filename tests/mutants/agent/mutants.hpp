#pragma once

#include "agent/handler.hpp"

#include <string>
#include <vector>

// Defects planted on purpose, to see that the scenarios catch them (tests/mutants). The program
// labctl-agent-mutants has them; the agent itself knows nothing of them.
namespace labctl::agent {

// The defect that an event about these apps has: what stands in /deploy/.mutants/<app> of the node, so that
// scenarios with their own apps can run side by side, or else in /deploy/.mutants/all; "" without such a
// file.
std::string planted_defect(const Settings& settings, const std::vector<std::string>& apps);

// The steps with that defect; with "" or an unknown one as they should be.
Tables planted(const std::string& defect);

}  // namespace labctl::agent
