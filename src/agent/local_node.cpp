#include "agent/local_node.hpp"

#include "base/error.hpp"
#include "contract/payload.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace labctl::agent {

using namespace std::chrono_literals;

LocalNode::LocalNode(Settings given)
    : settings(std::move(given)),
      consul(settings.consul),
      docker(Endpoint::unix_socket(settings.docker_socket)),
      volumes(settings),
      slot(settings.deploy / ".queue") {}

const std::vector<consul::Member>& LocalNode::members() {
  if (!members_) members_ = consul.members(Deadline::in(30s));
  return *members_;
}

bool LocalNode::knows(const std::string& node) {
  return std::any_of(members().begin(), members().end(),
                     [&](const auto& member) { return member.name == node; });
}

std::string LocalNode::address_of(const std::string& node) {
  for (const auto& member : members()) {
    if (member.name == node) return member.address;
  }
  throw Error(Kind::not_found, "not a member of the cluster", node);
}

std::optional<contract::Record> LocalNode::record(const std::string& app) {
  const auto value = consul.get(contract::app_key(app), Deadline::in(1min));
  if (!value) return std::nullopt;
  try {
    return contract::parse_record(value->value);
  } catch (const Error& error) {
    spdlog::warn("{}: {}, treated as absent", contract::app_key(app), error.line());
    return std::nullopt;
  }
}

std::vector<contract::OtherApp> LocalNode::all_records() {
  std::vector<contract::OtherApp> records;
  const std::string prefix = contract::app_key("");
  for (auto& pair : consul.list(prefix, Deadline::in(1min))) {
    records.push_back({pair.key.substr(prefix.size()), std::move(pair.value)});
  }
  return records;
}

bool LocalNode::has_managed_volume(const std::string& volume) {
  const auto found = docker.volume(volume, Deadline::in(1min));
  return found && found->driver == settings.driver;
}

std::filesystem::path LocalNode::clone_path(const std::string& app, const std::string& event_id) const {
  return settings.deploy / contract::clone_name(app, event_id);
}

std::vector<std::filesystem::path> LocalNode::clones(const std::string& app) const {
  // N may contain slashes, so its clones may be in a folder below /deploy.
  const std::filesystem::path base = settings.deploy / app;
  const std::string name = base.filename().string();
  std::vector<std::filesystem::path> found;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(base.parent_path(), code)) {
    const std::string file = entry.path().filename().string();
    if (!file.starts_with(name) || file.size() <= name.size()) continue;
    const char separator = file[name.size()];
    const std::string rest = file.substr(name.size() + 1);
    if (separator == '@' || (separator == '-' && contract::valid_event_id(rest)))
      found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::optional<std::filesystem::path> LocalNode::old_clone(const contract::AppName& app,
                                                          const contract::Record& record,
                                                          const std::string& event_id) const {
  std::string id = record.deploy_id;
  if (id == event_id) id = record.previous_deploy_id.value_or("");
  if (contract::valid_event_id(id)) return clone_path(app.app, id);
  if (!id.empty() || record.deploy_date.find('/') != std::string::npos || record.deploy_date.empty()) {
    return std::nullopt;
  }
  if (record.deploy_id == event_id) return std::nullopt;
  return settings.deploy / contract::legacy_clone_name(app.app, record.deploy_date);
}

}  // namespace labctl::agent
