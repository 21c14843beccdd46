#pragma once

#include "agent/compose_runner.hpp"
#include "agent/local_node.hpp"
#include "agent/marks.hpp"
#include "agent/project.hpp"
#include "agent/release.hpp"
#include "agent/roles.hpp"
#include "contract/payload.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace labctl::agent {

// The steps of one event on this node (contract 4.1), one function each, with their state and progress. Their
// order is in roles.hpp; Deployment handles failures.
struct Steps {
  Steps(LocalNode& on, std::string event, contract::AppName of);

  void load();  // the state before the first step: `old` and `old_directory`

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

  // Building blocks of steps.
  contract::Record new_record();
  void publish_as(const contract::Record& record);
  const std::vector<std::string>& old_volumes();  // of the old deployment; read once
  std::map<std::string, std::string> send_all();
  void stop_if_called_off();
  void clear_marks_of_app();
  std::optional<std::string> slave_address(const std::optional<std::string>& slave);
  std::optional<ComposeRunner> old_compose();
  ComposeRunner new_compose() const { return {app.project, project.directory}; }
  void retire(const std::filesystem::path& clone);
  void attempt(const char* what, const std::function<void()>& action);  // logs what fails

  LocalNode& node;
  std::string event_id;
  contract::AppName app;
  std::optional<contract::DeployRequest> request;  // none for a destroy
  Role from = Role::none, to = Role::none;

  std::optional<contract::Record> old;
  std::optional<std::filesystem::path> old_directory;
  std::optional<std::vector<std::string>> known_old_volumes;

  Project project;
  std::string deploy_date;
  Mark mark;  // what was sent, or what was received

  bool called_off = false;  // the other side has given up, and has announced it

  struct Progress {
    bool cloned = false, stopped = false, unscheduled = false, purge_off = false, released = false,
         confirmed = false, restored = false, started = false, published = false;
  } progress;
};

}  // namespace labctl::agent
