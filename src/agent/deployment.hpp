#pragma once

#include "agent/step_table.hpp"
#include "agent/steps.hpp"
#include "contract/payload.hpp"

#include <span>
#include <string>

namespace labctl::agent {

// Carries out what one event asks of this node, step by step, each step logged with its time. Everything that
// can be refused is refused before the first step that changes something.
class Deployment {
public:
  // The table must outlive this. Whatever is thrown, by us or by a library, leaves deploy() and destroy()
  // only after what can be undone has been undone.
  Deployment(Node& node, std::string event_id, contract::AppName app, const StepTable& table);

  void deploy(const contract::DeployRequest& request);
  void destroy();

  // For a deploy event whose process died on the way: nothing of it is carried on. What it has stopped serves
  // again, if it is still this node's; what it has made is removed.
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
