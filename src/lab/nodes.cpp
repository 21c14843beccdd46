#include "lab/nodes.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "lab/cgroups.hpp"
#include "lab/containers.hpp"
#include "lab/lab_paths.hpp"
#include "lab/plan.hpp"

#include <fmt/core.h>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;

// A sparse file: it uses only the space of what is written. It is large because replication keeps many
// snapshots.
constexpr auto volumes_size = "8G";

std::string hosts_text(const LabInfo& lab) {
  std::string text = fmt::format("{} hub\n", lab.hub_address);
  for (const auto& node : lab.nodes) text += fmt::format("{} {}\n", node.address, node.name);
  // As in the cluster's own test lab, the test service's names resolve to the last node. The names of further
  // slots begin with "sN." (cluster/slot.hpp).
  for (std::size_t slot = 0; slot < ssh_ports.size(); ++slot) {
    const auto front = slot == 0 ? "" : fmt::format("s{}.", slot);
    text += fmt::format("{0} {1}service.cluster.lab {1}service.qualif.cluster.lab\n",
                        lab.nodes.back().address, front);
  }
  return text;
}

std::string role_name(Machine::Role role) {
  return role == Machine::Role::core ? "core" : role == Machine::Role::hub ? "hub" : "seed";
}

std::vector<std::string> environment(const LabInfo& lab, const Machine& machine, const Artifacts& artifacts) {
  const LabPaths paths(lab.name);
  std::vector<std::string> variables{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                     "LANG=C.UTF-8",
                                     "LAB=" + lab.name,
                                     "NODE=" + machine.name,
                                     "ROLE=" + role_name(machine.role),
                                     "ROOT=" + artifacts.root(machine.os).string(),
                                     "DIR=" + paths.node(machine.name).string(),
                                     "LOGS=" + paths.log(machine.name).string(),
                                     "SHARE=" + share_dir().string(),
                                     "HUB=" + lab.hub_address,
                                     "HOSTS=" + hosts_text(lab),
                                     "ADDRESS=" + machine.address + "/24"};
  auto add = [&](const std::string& name, const std::string& value) {
    variables.push_back(name + "=" + value);
  };
  if (machine.role == Machine::Role::hub) {
    add("REGISTRY", artifacts.registry);
    return variables;
  }
  add("BIP", bridge_address(machine.number));
  add("VOLUMES_SIZE", volumes_size);
  add("PLUGIN_SSH", paths.keys);
  if (machine.role == Machine::Role::seed) {
    add("DATA", machine.docker_data);
    add("PLUGIN", artifacts.plugin);
  } else {
    add("CORE_KEY", trim(read_file(paths.client / "id_ed25519.pub")));
    add("GOLDEN", artifacts.golden(machine.os));
    add("HANDLER", paths.agent);
  }
  return variables;
}

}  // namespace

RunningNode start_machine(const LabInfo& lab, const Machine& machine, const Artifacts& artifacts,
                          Journal& journal) {
  const LabPaths paths(lab.name);
  const fs::path folder = paths.node(machine.name);
  const std::string cgroup = paths.cgroup + "/" + machine.name;
  std::vector<Entry> entries{{Entry::What::cgroup, cgroup}, {Entry::What::tree, folder}};
  if (machine.role == Machine::Role::seed) entries.push_back({Entry::What::tree, machine.docker_data});
  // Entered after its folder, so that it is removed before the folder.
  if (machine.role != Machine::Role::hub) entries.push_back({Entry::What::loop, folder / "volumes.btrfs"});
  journal.enter(entries);

  fs::create_directories(folder);
  fs::create_directories(paths.log(machine.name));
  if (!machine.docker_data.empty()) fs::create_directories(machine.docker_data);
  NodeStart how;
  how.name = machine.name;
  how.netns = paths.netns(machine.name);
  how.log = paths.log(machine.name) / "init.log";
  how.init = share_dir() / "lab/node/init";
  how.environment = environment(lab, machine, artifacts);
  how.cgroup = make_cgroup(cgroup);
  RunningNode node = RunningNode::start(how);
  node.wait_for("rooted", Deadline::in(std::chrono::seconds(30)));
  return node;
}

std::vector<std::string> host_keys(const RunningNode& node) {
  std::vector<std::string> keys;
  for (const auto& file : fs::directory_iterator(node.root() / "etc/ssh")) {
    const std::string name = file.path().filename();
    if (name.starts_with("ssh_host_") && name.ends_with(".pub")) keys.push_back(trim(read_file(file.path())));
  }
  if (keys.empty()) throw Error(Kind::lab, "the node has no SSH host key");
  return keys;
}

}  // namespace labctl::lab
