#pragma once

#include "agent/buttervolume.hpp"
#include "agent/patient_consul.hpp"
#include "agent/settings.hpp"
#include "agent/work_slot.hpp"
#include "contract/checks.hpp"
#include "contract/names.hpp"
#include "contract/record.hpp"
#include "docker/client.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace labctl::agent {

// The node the handler runs on, and what it reaches from there.
class Node {
public:
  explicit Node(Settings settings);

  const Settings settings;
  PatientConsul consul;
  docker::Client docker;
  Buttervolume volumes;
  WorkSlot slot;  // not taken

  // From the member list, whatever the member's state. Error{not_found} for an unknown name.
  std::string address_of(const std::string& node);
  bool knows(const std::string& node);

  // nullopt if there is no such key; an unreadable value is a warning and counts as none. A Consul that does
  // not answer is an error: "no key" would start a new master empty.
  std::optional<contract::Record> record(const std::string& app);
  std::vector<contract::OtherApp> all_records();

  // Docker has it, with the managed driver.
  bool has_managed_volume(const std::string& volume);

  std::filesystem::path clone_path(const std::string& app, const std::string& event_id) const;
  // All clones of the app on this node, by event id or legacy date.
  std::vector<std::filesystem::path> clones(const std::string& app) const;
  // Where the running deployment of a record lives; nullopt if the record names no usable folder. `event_id`:
  // if the record is already this event's, the deployment before it is meant.
  std::optional<std::filesystem::path> old_clone(const contract::AppName& app, const contract::Record& record,
                                                 const std::string& event_id) const;

private:
  const std::vector<consul::Member>& members();

  std::optional<std::vector<consul::Member>> members_;
};

}  // namespace labctl::agent
