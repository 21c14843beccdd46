#pragma once

#include "agent/compose_runner.hpp"
#include "agent/local_node.hpp"
#include "agent/marks.hpp"
#include "contract/payload.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace labctl::agent {

// A source volume and the target's volume of the same key.
using VolumePair = std::pair<std::string, std::string>;

// Pairs of volumes whose names are equal after the first '_', in the source's order.
std::vector<VolumePair> volume_pairs(const std::vector<std::string>& source,
                                     const std::vector<std::string>& target);

// The steps of a migration and their state.
struct MigrationSteps {
  void send();             // sends the source's volumes to another node, with the mark
  void replace_volumes();  // of the target, except those labelled non-migrable
  void post_migrate();     // the target's script of that name
  void update();           // its update.sh, if the event requests it
  void end_maintenance();

  void restore(const std::vector<VolumePair>& replaced);
  ComposeRunner compose() const { return {request.target.project, directory}; }

  LocalNode& node;
  std::string event_id;
  contract::MigrateRequest request;
  contract::Record source, target;
  std::vector<VolumePair> pairs;

  std::filesystem::path directory;   // the target's clone
  Mark mark;                         // the source's snapshots that the target takes
  std::vector<std::string> backups;  // backups that restoring created
};

// The action for each step of a migration.
struct MigrationTable {
  using Action = std::function<void(MigrationSteps&)>;
  Action send = &MigrationSteps::send;
  Action replace_volumes = &MigrationSteps::replace_volumes;
  Action post_migrate = &MigrationSteps::post_migrate;
  Action update = &MigrationSteps::update;
  Action end_maintenance = &MigrationSteps::end_maintenance;
};

// Copies the data of one running app into another (contract 4.4). Neither app's record, schedules or slave
// change.
class Migration {
public:
  // The table must outlive this.
  Migration(LocalNode& node, std::string event_id, contract::MigrateRequest request,
            const MigrationTable& table);

  void run();

private:
  void receive(bool same_node);
  void replace_data();
  void await_seen(const std::string& maintenance, Deadline seen);

  MigrationSteps steps_;
  const MigrationTable& table_;
};

}  // namespace labctl::agent
