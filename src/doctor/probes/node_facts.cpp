// Probes of a node through its engine: what the engine says of itself, and what can be seen from inside the
// node's Consul container. Nothing is changed there.
#include "base/error.hpp"
#include "docker/client.hpp"
#include "docker/engine.hpp"
#include "doctor/probes.hpp"
#include "doctor/probes/node_report.hpp"
#include "doctor/probes/promised.hpp"
#include "doctor/probes/proxies.hpp"
#include "doctor/probes/volume_disk.hpp"
#include "http/stop.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace labctl::doctor {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds facts_time{9};
// consul-template renders a change within a second; a busy machine takes longer.
constexpr std::chrono::seconds rendering_time{3};

// The clock alone, so that as little as possible happens between question and answer.
constexpr const char* clock_script = "import time; print(repr(time.time()))";

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void look_at_clock(docker::Client& docker, const std::string& container, NodeFacts& facts,
                   Deadline deadline) {
  const double before = now();
  const auto result = docker.exec(container, {"python3", "-I", "-S", "-c", clock_script}, deadline);
  const double after = now();
  const auto printed = json::parse(result.out, nullptr, false);
  const auto there = printed.is_number() ? printed.get<double>() : 0;
  if (there <= 0) return;
  facts.clock = ClockSeen{there - after, there - before};
}

// Managed plugins are in /plugins (contract 7), those of the old kind in /info.
void look_at_engine(docker::Engine& engine, const std::string& driver, NodeFacts& facts, Deadline deadline) {
  const auto info = engine.get("/info", deadline);
  facts.host_name = info.value("Name", "");
  std::string wrong = "the engine lists no such plugin: " + driver;
  for (const auto& name : info.value(json::json_pointer("/Plugins/Volume"), json::array())) {
    if (name == driver) wrong.clear();
  }
  for (const auto& plugin : engine.get("/plugins", deadline)) {
    if (plugin.value("Name", "") != driver) continue;
    wrong = plugin.value("Enabled", false) ? "" : "the plugin is disabled: " + driver;
  }
  facts.volume_driver = wrong;
}

void look_at_drivers(docker::Client& docker, const Promised& promised, const std::string& driver,
                     const std::string& node, NodeFacts& facts, Deadline deadline) {
  for (const auto& [volume, app] : promised.volumes) {
    std::optional<docker::Volume> found;
    try {
      found = docker.volume(volume, deadline);
    } catch (const Error& error) {
      if (error.kind() == Kind::interrupted) throw;  // its driver does not answer: that is another finding
    }
    if (found && found->driver != driver) {
      facts.foreign_volumes.push_back(
          fmt::format("{} of {} on {} has driver {}", volume, app, node, found->driver));
    }
  }
}

void look_at_node(const inventory::Inventory& inventory, NodeFacts& facts, const std::string& node,
                  Deadline deadline) {
  const auto& end = inventory.docker(node).local;
  const auto& conventions = inventory.cluster;
  docker::Engine engine(end);
  look_at_engine(engine, conventions.volume_driver, facts, deadline);
  docker::Client docker(end);
  auto promised = promised_of(inventory, node, deadline);
  look_at_drivers(docker, promised, conventions.volume_driver, node, facts, deadline);
  const auto container = docker.container(conventions.consul_container, deadline);
  if (!container || !container->running())
    throw Error(Kind::unavailable, conventions.consul_container + " does not run");
  look_at_clock(docker, conventions.consul_container, facts, deadline);
  const auto look_at_report = [&] {
    const auto report =
        report_of_node(docker, conventions.consul_container, conventions.deploy_root, deadline);
    facts.disks = report.disks;
    facts.watches = report.watches;
    return look_at_proxies(engine, docker, conventions, promised, report, deadline);
  };
  facts.proxies = look_at_report();
  if (proxies_differ(facts.proxies)) {
    http::StopScope::pause(rendering_time);
    promised = promised_of(inventory, node, deadline);
    facts.proxies = seen_twice(facts.proxies, look_at_report());
  }
  if (auto disk = look_at_volumes(engine, docker, conventions.volume_driver, deadline))
    facts.disks.push_back(std::move(*disk));
}

}  // namespace

std::vector<ProbeTask> fact_tasks(const inventory::Inventory& inventory, Observations& seen) {
  std::vector<ProbeTask> tasks;
  for (auto& one : seen.nodes) {
    tasks.push_back([&one, &inventory](Deadline deadline) {
      const auto& end = inventory.docker(one.name).local;
      try {
        if (look_at_end(end, deadline) != LocalEndSeen::State::accepts)
          throw Error(Kind::unreachable, "its engine could not be asked");
        look_at_node(inventory, one.facts, one.name, deadline.at_most(facts_time));
      } catch (const Error& error) {
        if (error.kind() == Kind::interrupted) throw;
        one.facts.not_known = one.name + ": " + error.what();
      }
    });
  }
  return tasks;
}

}  // namespace labctl::doctor
