#pragma once

#include "agent/roles.hpp"
#include "agent/steps.hpp"

#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace labctl::agent {

// The action for each step of a deployment.
class StepTable {
public:
  using Action = std::function<void(Steps&)>;

  StepTable();  // the contract's actions
  const Action& at(Step step) const { return actions_.at(step); }
  void replace(Step step, Action action) { actions_.at(step) = std::move(action); }
  std::vector<Step> steps() const;

  bool sweeps = true;  // at its end a deployment removes leftovers of earlier ones on the node

private:
  std::map<Step, Action> actions_;
};

}  // namespace labctl::agent
