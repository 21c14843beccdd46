#pragma once

#include "agent/node.hpp"
#include "agent/release.hpp"
#include "contract/payload.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace labctl::agent {

// A source volume and the target's volume of the same key.
using VolumePair = std::pair<std::string, std::string>;

// Volumes of both whose part after the first '_' is equal, in the source's order.
std::vector<VolumePair> volume_pairs(const std::vector<std::string>& source,
                                     const std::vector<std::string>& target);

// Copies the data of one running app into another (contract 4.4). Neither app's record, schedules or slave
// change.
class Migration {
public:
  Migration(Node& node, std::string event_id, contract::MigrateRequest request);

  void run();

private:
  void send();
  void receive(bool same_node);
  void replace_data(const Mark& mark);
  void await_seen(const std::string& maintenance, Deadline seen);
  bool migrable(const std::string& target_volume);
  std::string source_snapshot(const std::string& volume, const Mark& mark);

  Node& node_;
  std::string event_id_;
  contract::MigrateRequest request_;
  contract::Record source_, target_;
  std::vector<VolumePair> pairs_;
};

}  // namespace labctl::agent
