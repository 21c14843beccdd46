#pragma once

#include "agent/step_table.hpp"
#include "agent/steps.hpp"
#include "contract/payload.hpp"

#include <span>
#include <string>

namespace labctl::agent {

// Executes one event on this node, step by step; each step is logged with its time. All validation happens
// before the first step that changes something.
class Deployment {
public:
  // The table must outlive this. deploy() and destroy() undo what can be undone before they let any exception
  // through.
  Deployment(LocalNode& node, std::string event_id, contract::AppName app, const StepTable& table);

  void deploy(const contract::DeployRequest& request);
  void destroy();

  // For a deploy event whose process died: the event is not continued. What it stopped is started again, if
  // this node still owns it; what it created is removed.
  void undo(const contract::DeployRequest& request);

private:
  class Recovery;

  Role role_of(const std::string& node_name) const;
  Role new_role() const;
  void validate();
  void perform(Step step);
  void recover();
  void finish(std::span<const Step> rest);
  void serve_again();
  bool taken_back();
  void sweep();

  Steps steps_;
  const StepTable& table_;
};

}  // namespace labctl::agent
