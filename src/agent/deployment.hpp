#pragma once

#include "agent/compose_runner.hpp"
#include "agent/marks.hpp"
#include "agent/node.hpp"
#include "agent/project.hpp"
#include "agent/release.hpp"
#include "agent/roles.hpp"
#include "contract/payload.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace labctl::agent {

// Carries out what one event asks of this node, step by step, each step logged with its time. Everything that
// can be refused is refused before the first step that changes something.
class Deployment {
public:
  Deployment(Node& node, std::string event_id, contract::AppName app);

  // Whatever is thrown, by us or by a library, leaves both only after what can be undone has been undone.
  void deploy(const contract::DeployRequest& request);
  void destroy();

  // For a deploy event whose process died on the way: nothing of it is carried on. What it has stopped serves
  // again, if it is still this node's; what it has made is removed.
  void undo(const contract::DeployRequest& request);

private:
  friend struct StepTable;
  friend struct Mutants;

  // What is known before the first step.
  void load();
  Role role_of(const std::string& node_name) const;
  Role new_role() const;
  void validate();
  const std::vector<std::string>& old_volumes();

  class Recovery;
  void perform(Step step);
  void recover();
  void finish(std::span<const Step> rest);
  void serve_again();
  bool taken_back();
  void attempt(const char* what, const std::function<void()>& action);  // logs what fails
  void sweep();
  void retire(const std::filesystem::path& clone);

  void clone();
  void check();
  void images();
  void hot_send();
  void maintenance_on();
  void down();
  void unschedule();
  void clear_marks();
  void snapshot();
  void cold_send();
  void release();
  void wait_published();
  void deregister();
  void down_volumes();
  void drop_clone();
  void purge_off();
  void purge_on();
  void wait_release();
  void restore();
  void pre_up();
  void up();
  void schedule();
  void publish();
  void clean_old();
  void forget();

  contract::Record new_record();
  void publish(const contract::Record& record);
  std::map<std::string, std::string> send_all();
  void stop_if_called_off();
  void clear_marks_of_app();
  std::optional<std::string> slave_address(const std::optional<std::string>& slave);
  std::optional<ComposeRunner> old_compose();
  ComposeRunner new_compose() const { return {app_.project, project_.directory}; }

  Node& node_;
  std::string event_id_;
  contract::AppName app_;
  std::optional<contract::DeployRequest> request_;
  Role from_ = Role::none, to_ = Role::none;

  std::optional<contract::Record> old_;
  std::optional<std::filesystem::path> old_directory_;
  std::optional<std::vector<std::string>> old_volumes_;

  Project project_;
  std::string deploy_date_;
  Mark mark_;  // what was sent, or what was received

  bool called_off_ = false;  // the other side has given up, and has said so itself

  struct Progress {
    bool cloned = false, stopped = false, unscheduled = false, purge_off = false, released = false,
         confirmed = false, restored = false, started = false, published = false;
  } progress_;
};

}  // namespace labctl::agent
