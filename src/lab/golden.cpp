#include "lab/golden.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "lab/containers.hpp"
#include "lab/lab_paths.hpp"
#include "lab/lock.hpp"
#include "lab/nodes.hpp"
#include "lab/parallel.hpp"
#include "lab/plan.hpp"
#include "lab/processes.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>

#include <chrono>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto build_budget = std::chrono::minutes(10);

void make_one(const LabInfo& lab, const std::string& os, const Artifacts& artifacts, Journal& journal) {
  const fs::path target = artifacts.golden(os);
  Machine machine;
  machine.name = golden_node(os);
  machine.role = Machine::Role::seed;
  machine.os = os;
  machine.address = address_in(parse_subnet(lab.hub_address).value(), os == "bookworm" ? 1 : 2);
  machine.docker_data = LabPaths(lab.name).new_golden(os);
  RunningNode node = start_machine(lab, machine, artifacts, journal);
  node.wait_for("ready", Deadline::in(std::chrono::seconds(60)));
  node.wait_for_docker(Deadline::in(std::chrono::seconds(60)));
  const Deadline deadline = Deadline::in(build_budget);
  auto docker = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "docker");
    run_checked({.argv = enter_argv(node.pid(), words)}, deadline);
  };
  in_parallel({{"images",
                [&] {
                  for (const auto& image : artifacts.images) docker({"pull", "--quiet", image});
                }},
               {"plugin", [&] {
                  docker({"plugin", "create", plugin_name, "/run/lab/plugin"});
                }}});
  node.stop(Deadline::in(std::chrono::seconds(30)));
  kill_processes_in({LabPaths(lab.name).netns(machine.name)}, Deadline::in(std::chrono::seconds(30)));
  fs::rename(machine.docker_data, target);
}

// A node holds a shared lock on the folder it was started from (tools/lab/node/init).
bool remove_unless_used(const fs::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return false;
  fs::remove_all(folder);
  return true;
}

// Removes unused golden data of the same release that was created from other images or another root.
void remove_outdated(const std::string& os, const Artifacts& artifacts) {
  const fs::path target = artifacts.golden(os);
  for (const auto& entry : fs::directory_iterator(target.parent_path())) {
    if (entry.path() != target && entry.path().filename().string().starts_with(os + "-"))
      remove_unless_used(entry.path());
  }
}

}  // namespace

std::vector<std::string> golden_missing(const std::set<std::string>& oses, const Artifacts& artifacts) {
  std::vector<std::string> missing;
  for (const auto& os : oses) {
    if (!fs::exists(artifacts.golden(os))) missing.push_back(os);
  }
  return missing;
}

std::string golden_node(const std::string& os) { return "seed-" + os; }

void make_golden(const LabInfo& lab, const std::vector<std::string>& oses, const Artifacts& artifacts,
                 Journal& journal, const Progress& progress) {
  if (oses.empty()) return;
  const fs::path folder = artifacts.golden(oses.front()).parent_path();
  fs::create_directories(folder);
  const UniqueFd lock = lock_folder(folder, Deadline::in(build_budget));
  const auto start = Clock::now();
  std::vector<NodeWork> tasks;
  for (const auto& os : golden_missing({oses.begin(), oses.end()}, artifacts)) {
    progress(fmt::format("lab {}: first start with Debian {} and these images: preparing Docker data",
                         lab.name, os));
    tasks.push_back({golden_node(os), [&, os] { make_one(lab, os, artifacts, journal); }});
  }
  if (tasks.empty()) return;
  in_parallel(tasks);
  for (const auto& os : oses) remove_outdated(os, artifacts);
  progress(fmt_seconds("lab " + lab.name + ": Docker data prepared in", Clock::now() - start));
}

void remove_golden(const std::string& os, const Artifacts& artifacts) {
  const fs::path target = artifacts.golden(os);
  if (fs::exists(target) && !remove_unless_used(target)) {
    throw Error(Kind::conflict, "a lab that is up uses the cached Docker data", "--fresh",
                "take it down first");
  }
}

}  // namespace labctl::lab
