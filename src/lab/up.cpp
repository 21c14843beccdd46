#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "docker/client.hpp"
#include "lab/artifacts.hpp"
#include "lab/bundle.hpp"
#include "lab/client_files.hpp"
#include "lab/consensus.hpp"
#include "lab/containers.hpp"
#include "lab/down.hpp"
#include "lab/golden.hpp"
#include "lab/host_check.hpp"
#include "lab/info.hpp"
#include "lab/lab_paths.hpp"
#include "lab/names.hpp"
#include "lab/network.hpp"
#include "lab/nodes.hpp"
#include "lab/parallel.hpp"
#include "lab/plan.hpp"
#include "lab/power.hpp"
#include "lab/prepare.hpp"
#include "lab/processes.hpp"
#include "lab/traces.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint16_t consul_port = 8500;

std::set<std::string> oses_of(const LabInfo& lab, const std::string& hub_os) {
  std::set<std::string> oses{hub_os};
  for (const auto& node : lab.nodes) oses.insert(node.os);
  return oses;
}

// Chooses addresses and saves them. A lock prevents other labs from doing the same at that time.
LabInfo plan_and_save(const UpOptions& options) {
  const UniqueFd lock = lock_folder(labs_dir(), Deadline::in(std::chrono::seconds(30)));
  std::vector<Subnet> taken = routes();
  std::set<std::uint16_t> ports;
  for (const auto& other : all()) {
    if (other.name == options.name) continue;
    if (auto subnet = parse_subnet(other.hub_address + "/24")) taken.push_back(*subnet);
    ports.insert(other.consul_port);
  }
  const auto subnet = choose_subnet(options.name, taken);
  // The lab "default" gets the standard port; other labs never use it.
  std::uint16_t port = consul_port;
  if (options.name != "default") {
    port = free_port(first_consul_port(subnet));
    while (ports.contains(port)) port = free_port(static_cast<std::uint16_t>(port + 1));
  }
  LabInfo lab = plan(options, subnet, port);
  save(lab);
  return lab;
}

bool all_alive(const LabInfo& lab) {
  const LabPaths paths(lab.name);
  return first_process(paths.netns("hub")) &&
         std::all_of(lab.nodes.begin(), lab.nodes.end(),
                     [&](const auto& node) { return first_process(paths.netns(node.name)).has_value(); });
}

// The nodes' versions, each once, without what the distribution appends ("+dfsg1").
std::string versions_of(std::vector<std::string> versions) {
  for (auto& version : versions) version.resize(std::min(version.size(), version.find('+')));
  std::sort(versions.begin(), versions.end());
  versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
  return join(versions, ", ");
}

// With -v: logs the time from the start to the end of each step.
class Stopwatch {
public:
  explicit Stopwatch(std::string where) : where_(std::move(where)) {}
  void lap(const std::string& what) const {
    spdlog::debug("{}: {}", where_, fmt_seconds(what + " after", Clock::now() - start_));
  }

private:
  std::string where_;
  Clock::time_point start_ = Clock::now();
};

// Waits for a node's Docker, then starts its plugin and stack. Returns Docker's version.
std::string bring_up(const LabInfo& lab, RunningNode& node, const LabInfo::NodeInfo& info,
                     std::vector<std::string>& keys) {
  const Stopwatch watch(info.name);
  node.wait_for_docker(Deadline::in(std::chrono::seconds(60)));
  watch.lap("Docker");
  const auto server = Endpoint::unix_socket(docker_socket(node.pid()));
  const Deadline deadline = Deadline::in(std::chrono::seconds(90));
  in_parallel({{"volume plugin",
                [&] {
                  docker::Engine engine(server);
                  enable_plugin(engine, deadline);
                  watch.lap("plugin");
                }},
               {"stack", [&] {
                  docker::Engine engine(server);
                  start_stack(engine, lab, info, deadline);
                  watch.lap("stack");
                }}});
  node.wait_for("ready", deadline);
  watch.lap("ready");
  keys = host_keys(node);
  docker::Client client(server);
  return client.version(deadline);
}

// "up" promises what `lab status` shows. A container that has been started may end at once, and a proxy may
// restart while its first configuration arrives.
void wait_until_well(const LabInfo& lab, RunningNode& hub, Deadline deadline) {
  while (true) {
    std::string wrong;
    for (const auto& seen : status(lab)) {
      if (!seen.well()) wrong += (wrong.empty() ? "" : "; ") + seen.node.name + ": " + seen.trouble();
    }
    if (wrong.empty()) return;
    if (deadline.passed()) throw Error(Kind::timeout, fmt_seconds(wrong + " after", deadline.budget()));
    hub.watch_for(std::chrono::milliseconds(100));
  }
}

UpReport build(LabInfo lab, const UpOptions& options, const Progress& progress) {
  const LabPaths paths(lab.name);
  const Stopwatch watch("lab " + lab.name);
  const auto oses = oses_of(lab, options.os);
  prepare_artifacts(oses);
  watch.lap("set-up");
  const Artifacts artifacts = find_artifacts(oses);
  if (options.fresh) {
    for (const auto& os : oses) remove_golden(os, artifacts);
  }
  const auto missing = golden_missing(oses, artifacts);

  Journal journal(paths.journal);
  // Entered first, so removed last: the parents of the cgroups and folders of all machines.
  journal.enter({{Entry::What::cgroup, paths.cgroup}, {Entry::What::tree, paths.folder / "nodes"}});
  std::vector<std::string> machines;
  for (const auto& node : lab.nodes) machines.push_back(node.name);
  for (const auto& os : missing) machines.push_back(golden_node(os));
  in_parallel({{"network", [&] { make_network(lab, machines, journal); }},
               {"keys", [&] { make_keys(lab); }},
               {"handler", [&] { make_bundle(paths.agent, options.handler); }}});

  watch.lap("network");
  RunningNode hub = start_machine(
      lab, {.name = "hub", .role = Machine::Role::hub, .os = options.os, .address = lab.hub_address},
      artifacts, journal);
  if (!missing.empty()) {
    hub.wait_for_port(lab.hub_address, 5000, Deadline::in(std::chrono::seconds(30)));
    make_golden(lab, missing, artifacts, journal, progress);
  }
  std::vector<std::optional<RunningNode>> nodes(lab.nodes.size());
  std::vector<std::vector<std::string>> keys(lab.nodes.size());
  std::vector<std::string> versions(lab.nodes.size());
  std::vector<NodeWork> tasks;
  for (std::size_t i = 0; i < lab.nodes.size(); ++i) {
    const auto& info = lab.nodes[i];
    tasks.push_back(
        {info.name, [&, i] {
           nodes[i] = start_machine(
               lab,
               {.name = info.name, .os = info.os, .address = info.address, .number = static_cast<int>(i)},
               artifacts, journal);
           watch.lap(info.name + " rooted");
           versions[i] = bring_up(lab, *nodes[i], info, keys[i]);
         }});
  }
  in_parallel(tasks);
  watch.lap("nodes");
  hub.wait_for("ready", Deadline::in(std::chrono::seconds(30)));
  hub.wait_for_port(lab.hub_address, 9418, Deadline::in(std::chrono::seconds(30)));
  UpReport report;
  report.docker_versions = versions_of(versions);
  report.consul_version = wait_for_consul(lab, hub, Deadline::in(std::chrono::seconds(60)));
  watch.lap("Consul");
  wait_until_well(lab, hub, Deadline::in(std::chrono::seconds(30)));
  watch.lap("all of it");
  lab.up = true;
  save(lab);
  write_client_files(lab, keys);
  report.lab = lab;
  return report;
}

// The error of a lab, with the folder of its logs in the hint.
Error failed(const std::string& name, const Error& error, const std::string& also) {
  const LabPaths paths(name);
  std::string hint = error.hint();
  if (fs::exists(paths.logs)) hint += (hint.empty() ? "" : "; ") + ("logs are in " + paths.logs.string());
  return Error(Kind::lab, error.what() + also,
               "lab " + name + (error.where().empty() ? "" : ": " + error.where()), hint);
}

}  // namespace

UpReport up(const UpOptions& options, const Progress& progress) {
  require_root();
  const auto start = Clock::now();
  // Reports wrong options before anything is changed.
  const LabInfo wanted = plan(options, {}, consul_port);
  if (options.handler && !fs::is_regular_file(*options.handler)) {
    throw Error(Kind::usage, "no such file", *options.handler, "--handler wants a program");
  }
  const auto elapsed = [&] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
  };

  // Before the lab's folder is made; and not if the lab is up, because then nothing is started.
  if (const auto there = find(options.name); !there || !there->up) require_host(options.nodes);
  Lock lock = lock_lab(options.name);
  if (const auto there = find(options.name); there && there->up && all_alive(*there)) {
    const auto same = [](const auto& a, const auto& b) { return a.name == b.name && a.os == b.os; };
    if (!std::equal(there->nodes.begin(), there->nodes.end(), wanted.nodes.begin(), wanted.nodes.end(),
                    same)) {
      throw Error(Kind::conflict, "is up with other nodes", "lab " + options.name,
                  "labctl lab down first, or another --name");
    }
    return {.lab = *there, .was_up = true, .took = elapsed(), .docker_versions = {}, .consul_version = {}};
  }
  if (const auto there = find(options.name); there && there->up && !nodes_off(*there).empty()) {
    const auto off = nodes_off(*there);
    throw Error(Kind::conflict, "is up, and powered off are: " + join(off, ", "), "lab " + options.name,
                "labctl lab start " + off.front() + ", or labctl lab down first");
  }
  const LabPaths paths(options.name);
  if (fs::exists(paths.journal) || !traces_of(entries_of(paths)).empty()) {
    progress("lab " + options.name + ": removing what an earlier labctl left");
    tear_down(options.name, lock, false);
    lock = lock_lab(options.name);
  }
  fs::remove_all(paths.logs);
  try {
    UpReport report = build(plan_and_save(options), options, progress);
    report.took = elapsed();
    return report;
  } catch (...) {
    const Error error = current_error();
    // An interrupted start keeps no logs, because nothing went wrong.
    const bool keep_logs = error.kind() != Kind::interrupted;
    std::string also;
    try {
      tear_down(options.name, lock, keep_logs);
    } catch (...) {
      also = "; and its removal failed: " + current_error().line();
    }
    if (error.kind() == Kind::interrupted || error.kind() == Kind::usage) throw;
    throw failed(options.name, error, also);
  }
}

}  // namespace labctl::lab
