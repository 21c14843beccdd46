#include "tunnels/node_login.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <filesystem>

namespace labctl::tunnels {
namespace {

namespace fs = std::filesystem;

// IdentityAgent: a path, "none", or the name of a variable that holds the path.
fs::path agent_socket(const std::optional<std::string>& configured,
                      const ssh::ConfigSurroundings& surroundings) {
  const std::string agent = configured.value_or("SSH_AUTH_SOCK");
  if (lower(agent) == "none") return {};
  if (agent == "SSH_AUTH_SOCK") return surroundings.environment(agent).value_or("");
  if (agent.starts_with('$')) return surroundings.environment(agent.substr(1)).value_or("");
  return agent;
}

std::vector<fs::path> known_hosts_files(const ssh::HostConfig& config, const fs::path& ssh_folder) {
  auto files = config.user_known_hosts.value_or(
      std::vector<fs::path>{ssh_folder / "known_hosts", ssh_folder / "known_hosts2"});
  const auto global = config.global_known_hosts.value_or(
      std::vector<fs::path>{"/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"});
  files.insert(files.end(), global.begin(), global.end());
  return files;
}

ssh::HostConfig read_config(const inventory::Node& node, const ssh::ConfigSurroundings& surroundings) {
  ssh::ConfigQuery query{.host = node.address, .user = {}, .port = {}};
  if (!node.user.empty()) query.user = node.user;
  if (node.port != 0) query.port = node.port;
  return ssh::resolve_config(query, surroundings);
}

// The findings of all nodes by what they say, with the nodes that have them.
struct Group {
  ssh::ConfigFinding finding;
  std::vector<std::string> nodes;
};

std::vector<Group> grouped(const std::vector<inventory::Node>& nodes, bool refused) {
  const auto surroundings = ssh::real_surroundings();
  std::vector<Group> groups;
  for (const auto& node : nodes) {
    for (const auto& finding : read_config(node, surroundings).findings) {
      if (finding.refused != refused) continue;
      auto group = std::find_if(groups.begin(), groups.end(),
                                [&](const Group& other) { return other.finding.line() == finding.line(); });
      if (group == groups.end()) group = groups.insert(groups.end(), Group{finding, {}});
      group->nodes.push_back(node.name);
    }
  }
  return groups;
}

}  // namespace

NodeLogin resolve_login(const inventory::Node& node, const ssh::ConfigSurroundings& surroundings) {
  const ssh::HostConfig config = read_config(node, surroundings);
  const fs::path ssh_folder = surroundings.home / ".ssh";
  ssh::Target target;
  target.name = node.name;
  target.host = config.host_name;
  target.port = config.port.value_or(22);
  target.user = config.user.value_or(surroundings.user);
  if (node.identity) {
    target.identities = {fs::absolute(*node.identity)};
    target.identity_required = true;
  } else if (config.identities_said) {
    target.identities = config.identities;
  } else {
    target.identities = {ssh_folder / "id_rsa", ssh_folder / "id_ecdsa", ssh_folder / "id_ed25519"};
  }
  target.identities_only = config.identities_only.value_or(false);
  if (node.use_agent) target.agent_socket = agent_socket(config.agent, surroundings);
  if (!node.known_hosts.empty()) {
    // The inventory's own file has the nodes under their addresses, whatever the person calls them.
    target.known_hosts = {fs::absolute(node.known_hosts)};
  } else {
    target.known_hosts = known_hosts_files(config, ssh_folder);
    target.host_key_alias = config.host_key_alias.value_or("");
  }
  target.address_family = config.address_family;
  target.algorithms = config.algorithms;
  return {std::move(target), config.findings};
}

void refuse_unsupported(const std::vector<inventory::Node>& nodes) {
  std::vector<std::string> words;
  for (const Group& group : grouped(nodes, true))
    words.push_back(join(group.nodes, ", ") + ": " + group.finding.line());
  if (words.empty()) return;
  throw Error(
      Kind::refused, join(words, "; "), "ssh configuration",
      "make an exception for these nodes there (ProxyJump none, for one), or give labctl another HOME");
}

std::vector<std::string> config_notes(const std::vector<inventory::Node>& nodes) {
  std::vector<std::string> notes;
  for (const Group& group : grouped(nodes, false)) notes.push_back(group.finding.line());
  return notes;
}

}  // namespace labctl::tunnels
