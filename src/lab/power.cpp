#include "lab/power.hpp"

#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "docker/engine.hpp"
#include "lab/artifacts.hpp"
#include "lab/cgroups.hpp"
#include "lab/containers.hpp"
#include "lab/down.hpp"
#include "lab/info.hpp"
#include "lab/journal.hpp"
#include "lab/lab_paths.hpp"
#include "lab/nodes.hpp"
#include "lab/processes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;

constexpr auto off_budget = std::chrono::seconds(30);
constexpr auto on_budget = std::chrono::seconds(120);

fs::path off_mark(const LabInfo& lab, const std::string& node) {
  return LabPaths(lab.name).node(node) / "off";
}

// Its place in the lab.
int number_of(const LabInfo& lab, const std::string& node) {
  std::vector<std::string> names;
  for (const auto& each : lab.nodes) names.push_back(each.name);
  const auto found = std::find(names.begin(), names.end(), node);
  if (found != names.end()) return static_cast<int>(found - names.begin());
  const std::string near = nearest(node, names);
  throw Error(Kind::not_found, fmt::format("no node '{}' in lab {}", node, lab.name), {},
              near.empty() ? "its nodes are " + join(names, " ") : fmt::format("did you mean {}?", near));
}

void require_up(const LabInfo& lab) {
  require_root();
  if (!lab.up) throw Error(Kind::conflict, "is not up", "lab " + lab.name, "labctl lab up");
}

void end_processes(const LabInfo& lab, const std::string& node) {
  const InterruptShield shield;
  const LabPaths paths(lab.name);
  kill_processes_in({paths.netns(node)}, Deadline::in(off_budget));
  // Left as they are, its groups would take no process of the next start (cgroup version 2).
  remove_cgroup(paths.cgroup + "/" + node, Deadline::in(off_budget));
}

void wait_until_node_is_well(const LabInfo& lab, int number, RunningNode& running, Deadline deadline) {
  while (true) {
    const auto seen = status(lab).at(static_cast<std::size_t>(number));
    if (seen.well()) return;
    if (deadline.passed())
      throw Error(Kind::timeout, fmt_seconds(seen.trouble() + " after", deadline.budget()));
    running.watch_for(std::chrono::milliseconds(200));
  }
}

void start_again(const LabInfo& lab, int number) {
  const auto& info = lab.nodes.at(static_cast<std::size_t>(number));
  const LabPaths paths(lab.name);
  const Deadline deadline = Deadline::in(on_budget);
  Journal journal(paths.journal);
  RunningNode running =
      start_machine(lab, {.name = info.name, .os = info.os, .address = info.address, .number = number},
                    find_artifacts({info.os}), journal);
  running.wait_for_docker(deadline);
  docker::Engine engine(Endpoint::unix_socket(docker_socket(running.pid())));
  for (const auto& container : stack_of(lab, info))
    engine.call("POST", fmt::format("/containers/{}/start", container.name), deadline);
  running.wait_for("ready", deadline);
  wait_until_node_is_well(lab, number, running, deadline);
}

}  // namespace

bool power_off(const LabInfo& lab, const std::string& node) {
  require_up(lab);
  number_of(lab, node);
  const Lock lock = lock_lab(lab.name);
  const bool was_on = first_process(LabPaths(lab.name).netns(node)).has_value();
  write_file(off_mark(lab, node), "", 0600);
  end_processes(lab, node);
  return was_on;
}

bool power_on(const LabInfo& lab, const std::string& node) {
  require_up(lab);
  const int number = number_of(lab, node);
  const Lock lock = lock_lab(lab.name);
  if (first_process(LabPaths(lab.name).netns(node))) return false;
  try {
    start_again(lab, number);
  } catch (...) {
    const Error error = current_error();
    end_processes(lab, node);
    if (error.kind() == Kind::interrupted) throw;
    throw Error(Kind::lab, error.what(), fmt::format("lab {}: {}", lab.name, node),
                "logs are in " + LabPaths(lab.name).log(node).string());
  }
  fs::remove(off_mark(lab, node));
  return true;
}

std::vector<std::string> nodes_off(const LabInfo& lab) {
  std::vector<std::string> off;
  for (const auto& node : lab.nodes) {
    if (fs::exists(off_mark(lab, node.name))) off.push_back(node.name);
  }
  return off;
}

}  // namespace labctl::lab
