#pragma once

#include "agent/handler.hpp"

#include <string>
#include <vector>

// Defects injected on purpose, to check that the scenarios detect them (tests/mutants). They are in the
// program labctl-agent-mutants only, not in the agent.
namespace labctl::agent {

// The defect for an event about these apps: the content of /deploy/.mutants/<app> on the node, so that
// scenarios with their own apps can run in parallel; else that of /deploy/.mutants/all; "" without such a
// file.
std::string planted_defect(const Settings& settings, const std::vector<std::string>& apps);

// The steps with that defect; the usual steps for "" or an unknown defect.
Tables planted(const std::string& defect);

}  // namespace labctl::agent
