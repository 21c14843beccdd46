#pragma once

#include "agent/compose_runner.hpp"
#include "agent/marks.hpp"
#include "agent/node.hpp"
#include "contract/payload.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace labctl::agent {

// A source volume and the target's volume of the same key.
using VolumePair = std::pair<std::string, std::string>;

// Volumes of both whose part after the first '_' is equal, in the source's order.
std::vector<VolumePair> volume_pairs(const std::vector<std::string>& source,
                                     const std::vector<std::string>& target);

// The steps of a migration, with what they know.
struct MigrationSteps {
  void send();             // the source's volumes, from another node, with the mark that says so
  void replace_volumes();  // of the target, but for those that are labelled non-migrable
  void post_migrate();     // the target's script of that name
  void update();           // its update.sh, if the event asks for it
  void end_maintenance();

  void restore(const std::vector<VolumePair>& replaced);
  ComposeRunner compose() const { return {request.target.project, directory}; }

  Node& node;
  std::string event_id;
  contract::MigrateRequest request;
  contract::Record source, target;
  std::vector<VolumePair> pairs;

  std::filesystem::path directory;   // the target's clone
  Mark mark;                         // the source's snapshots that the target takes
  std::vector<std::string> backups;  // what restoring has put aside
};

// What is done for each step of a migration.
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
  Migration(Node& node, std::string event_id, contract::MigrateRequest request, const MigrationTable& table);

  void run();

private:
  void receive(bool same_node);
  void replace_data();
  void await_seen(const std::string& maintenance, Deadline seen);

  MigrationSteps steps_;
  const MigrationTable& table_;
};

}  // namespace labctl::agent
