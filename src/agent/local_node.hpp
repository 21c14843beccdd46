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

// The node that the handler runs on, and its clients.
class LocalNode {
public:
  explicit LocalNode(Settings settings);

  const Settings settings;
  PatientConsul consul;
  docker::Client docker;
  Buttervolume volumes;
  WorkSlot slot;  // not taken

  // From the member list, in any member state. Error{not_found} for an unknown name.
  std::string address_of(const std::string& node);
  bool knows(const std::string& node);

  // nullopt if there is no such key; a malformed value is a warning and counts as none. If Consul does not
  // answer, it is an error: a false "no key" would start a new master empty.
  std::optional<contract::Record> record(const std::string& app);
  std::vector<contract::OtherApp> all_records();

  // True if Docker has it, with the managed driver.
  bool has_managed_volume(const std::string& volume);

  std::filesystem::path clone_path(const std::string& app, const std::string& event_id) const;
  // All clones of the app on this node, by event id or legacy date.
  std::vector<std::filesystem::path> clones(const std::string& app) const;
  // The folder of a record's running deployment; nullopt if the record names no usable folder. `event_id`: if
  // the record already belongs to this event, the previous deployment is used.
  std::optional<std::filesystem::path> old_clone(const contract::AppName& app, const contract::Record& record,
                                                 const std::string& event_id) const;

private:
  const std::vector<consul::Member>& members();

  std::optional<std::vector<consul::Member>> members_;
};

}  // namespace labctl::agent
