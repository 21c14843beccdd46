#pragma once

#include "cli/command.hpp"
#include "cli/tunnels_for_command.hpp"
#include "cluster/cluster.hpp"
#include "operate/placement_rules.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace labctl::cli {

// Options of every command that changes something.
struct VerbOptions {
  bool yes = false;      // no question
  bool no_wait = false;  // return when the event is fired
  int timeout = 300;     // seconds
};

// The result of one event.
struct EventOutcome {
  std::string verb;
  std::string app;     // of a migrate the target
  std::string source;  // of a migrate
  std::string event_id;
  std::string result;  // "done", "fired" (not waited for) or "failed"
  std::string error;   // if failed: why
  std::chrono::milliseconds took{0};
  std::optional<contract::Placement> placement;  // of a deploy

  bool failed() const { return result == "failed"; }
};

// The cluster behind its tunnels, for one operator command. Never starts a lab.
class Operator {
public:
  // Throws as Context::load_inventory and tunnels::up do.
  explicit Operator(const Context& context, VerbOptions options = {});

  cluster::Cluster& cluster() { return cluster_; }
  const Context& context() const { return context_; }
  const std::vector<operate::AppEntry>& entries();  // read once
  const std::vector<std::string>& catalog();        // node names, read once

  // Asks the user. Error{usage} if the answer is not yes: nothing was sent.
  void confirm(const std::string& question) const;

  // Fire the event and wait for its end with progress on stderr, unless no_wait is set. An event that fails
  // on the cluster is a failed outcome and a line on stderr; errors of firing or observing are thrown.
  EventOutcome deploy(const contract::DeployRequest& request);
  EventOutcome destroy(const operate::KnownApp& app);
  EventOutcome migrate(const contract::MigrateRequest& request);

  // Prints the outcomes with --json and closes the tunnels that were opened for the command. Returns the exit
  // code.
  ExitCode finish(const std::vector<EventOutcome>& outcomes, bool as_list);
  void close() { tunnels_.close(); }

private:
  struct Operation {
    std::string name;
    std::string payload;
    std::vector<contract::AppName> apps;  // the first is the subject
    std::string done;                     // "deployed on core1"
  };
  EventOutcome carry_out(const Operation& event, const std::function<void(std::chrono::milliseconds)>& wait);

  const Context& context_;
  VerbOptions options_;
  inventory::Inventory inventory_;
  TunnelsForCommand tunnels_;
  cluster::Cluster cluster_;
  std::optional<std::vector<operate::AppEntry>> entries_;
  std::optional<std::vector<std::string>> catalog_;
};

}  // namespace labctl::cli
