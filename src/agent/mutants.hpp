#pragma once

#include "agent/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace labctl::agent {

class Deployment;
enum class Step;

// Defects planted on purpose, to see that the scenarios catch them (tests/mutants). They exist in the test
// build labctl-agent-mutants alone (LABCTL_MUTANTS); in the agent itself all of this is nothing.
//
// An event has the defect whose id stands in /deploy/.mutants/<app> of the node, so that scenarios with their
// own apps can run side by side, or else in /deploy/.mutants/all; none without such a file.
#ifdef LABCTL_MUTANTS

void choose_mutant(const Settings& settings, const std::vector<std::string>& apps);
bool mutant(std::string_view id);

struct Mutants {
  // Does what the planted defect makes of a step; false: the step is to be done as it should.
  static bool instead(Deployment& deployment, Step step);
  // Whether what a deployment left is not looked for at its end.
  static bool leaves_rest();
};

#else

inline void choose_mutant(const Settings&, const std::vector<std::string>&) {}
constexpr bool mutant(std::string_view) { return false; }

struct Mutants {
  static constexpr bool instead(Deployment&, Step) { return false; }
  static constexpr bool leaves_rest() { return false; }
};

#endif

}  // namespace labctl::agent
