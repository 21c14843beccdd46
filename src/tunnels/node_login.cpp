#include "tunnels/node_login.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace labctl::tunnels {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_way = 8;
// ssh has no limits; these keep calculations with the values within their types.
constexpr int longest_time = 86'400;  // seconds
constexpr int largest_count = 10'000;

// IdentityAgent: a path, "none", or the name of a variable that holds the path.
fs::path agent_socket(const std::optional<std::string>& configured,
                      const ssh::ConfigSurroundings& surroundings) {
  std::string agent = configured.value_or("SSH_AUTH_SOCK");
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

// A host's target according to the ssh configuration, without jump hosts and proxy command.
ssh::Target configured(const std::string& name, const ssh::HostConfig& config,
                       const ssh::ConfigSurroundings& surroundings) {
  const fs::path ssh_folder = surroundings.home / ".ssh";
  ssh::Target target;
  target.name = name;
  target.host = config.host_name;
  target.port = config.port.value_or(22);
  target.user = config.user.value_or(surroundings.user);
  target.identities =
      config.identities_said
          ? config.identities
          : std::vector<fs::path>{ssh_folder / "id_rsa", ssh_folder / "id_ecdsa", ssh_folder / "id_ed25519"};
  target.certificates = config.certificates;
  target.identities_only = config.identities_only.value_or(false);
  target.batch_mode = config.batch_mode;
  target.agent_socket = agent_socket(config.agent, surroundings);
  target.known_hosts = known_hosts_files(config, ssh_folder);
  target.host_key_alias = config.host_key_alias.value_or("");
  target.address_family = config.address_family;
  target.algorithms = config.algorithms;
  target.bind_address = config.bind_address;
  target.bind_interface = config.bind_interface;
  target.connect_timeout = std::min(config.connect_timeout.value_or(0), longest_time);
  target.connection_attempts = config.connection_attempts.value_or(1);
  target.alive_interval = std::min(config.alive_interval.value_or(0), longest_time);
  target.alive_count = std::min(config.alive_count.value_or(3), largest_count);
  return target;
}

// Adds the proxy command and the jump hosts of a host's configuration; each jump host has its own
// configuration. As with ssh -J, the first jump host is reached as its own configuration says. Each further
// one is reached through the one before it, whatever its configuration says.
void add_way(ssh::Target& target, const ssh::HostConfig& config, const ssh::ConfigSurroundings& surroundings,
             std::vector<ssh::ConfigFinding>& findings, std::size_t depth = 0) {
  target.proxy_command = config.proxy_command;
  if (depth == longest_way)
    throw Error(Kind::invalid, "ProxyJump is circular or longer than 8 hosts", "ssh configuration");
  for (const ssh::JumpHost& host : config.jumps) {
    const auto jump_config =
        ssh::resolve_config({.host = host.host, .user = host.user, .port = host.port}, surroundings);
    findings.insert(findings.end(), jump_config.findings.begin(), jump_config.findings.end());
    ssh::Target jump = configured(host.host, jump_config, surroundings);
    if (target.jumps.empty()) {
      add_way(jump, jump_config, surroundings, findings, depth + 1);
      target.jumps = std::exchange(jump.jumps, {});
    }
    target.jumps.push_back(std::move(jump));
  }
}

NodeLogin resolve(const inventory::Node& node, const ssh::ConfigSurroundings& surroundings) {
  ssh::ConfigQuery query{.host = node.address, .user = {}, .port = {}};
  if (!node.user.empty()) query.user = node.user;
  if (node.port != 0) query.port = node.port;
  const ssh::HostConfig config = ssh::resolve_config(query, surroundings);
  NodeLogin login{configured(node.name, config, surroundings), config.findings};
  add_way(login.target, config, surroundings, login.findings);
  return login;
}

// A finding, and all nodes that have this finding.
struct Group {
  ssh::ConfigFinding finding;
  std::vector<std::string> nodes;
};

std::vector<Group> grouped(const std::vector<inventory::Node>& nodes, bool refused) {
  const auto surroundings = ssh::real_surroundings();
  std::vector<Group> groups;
  for (const auto& node : nodes) {
    for (const auto& finding : resolve(node, surroundings).findings) {
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
  NodeLogin login = resolve(node, surroundings);
  ssh::Target& target = login.target;
  if (node.identity) {
    target.identities = {fs::absolute(*node.identity)};
    target.identity_required = true;
  }
  if (!node.use_agent) target.agent_socket.clear();
  if (!node.known_hosts.empty()) {
    // The inventory's known_hosts file lists the nodes by address, so the user's HostKeyAlias does not apply.
    target.known_hosts = {fs::absolute(node.known_hosts)};
    target.host_key_alias.clear();
  }
  return login;
}

void refuse_unsupported(const std::vector<inventory::Node>& nodes) {
  std::vector<std::string> words;
  for (const Group& group : grouped(nodes, true))
    words.push_back(join(group.nodes, ", ") + ": " + group.finding.line());
  if (words.empty()) return;
  throw Error(Kind::refused, join(words, "; "), "ssh configuration",
              "make an exception for these nodes there, or give labctl another HOME");
}

std::vector<std::string> config_notes(const std::vector<inventory::Node>& nodes) {
  std::vector<std::string> notes;
  for (const Group& group : grouped(nodes, false)) notes.push_back(group.finding.line());
  return notes;
}

}  // namespace labctl::tunnels
