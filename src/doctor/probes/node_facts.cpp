// Probes of a node through its engine: what the engine says of itself, and what can be seen from inside the
// node's Consul container. Nothing is changed there.
#include "doctor/probes/node_facts.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "consul/client.hpp"
#include "contract/record.hpp"
#include "docker/client.hpp"
#include "docker/engine.hpp"
#include "doctor/probes.hpp"
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

// For Python 3.4 and newer: containers of old clusters have no other. It only reads.
constexpr const char* node_report_script = R"(
import http.client, json, os, socket, sys, time

def disk(path):
    try:
        seen = os.statvfs(path)
    except OSError:
        return None
    return {"path": path, "size": seen.f_blocks * seen.f_frsize, "free": seen.f_bavail * seen.f_frsize,
            "inodes": seen.f_files, "inodes_free": seen.f_favail}

def watches():
    try:
        agent = http.client.HTTPConnection("127.0.0.1", 8500, timeout=5)
        agent.request("GET", "/v1/agent/self")
        answer = agent.getresponse()
        if answer.status != 200:
            return None
        told = json.loads(answer.read().decode("utf-8")).get("DebugConfig", {}).get("Watches")
        return len(told) if isinstance(told, list) else None
    except (OSError, ValueError, http.client.HTTPException):
        return None

def rendered(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return {"age": time.time() - os.fstat(file.fileno()).st_mtime, "text": file.read(1000000)}
    except OSError:
        return None

print(json.dumps({"disks": [disk(path) for path in ["/", sys.argv[1]]], "watches": watches(),
                  "haproxy": rendered("/haproxy/haproxy.cfg")}))
)";

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

void look_at_haproxy(docker::Engine& engine, const std::string& container, NodeFacts& facts,
                     Deadline deadline) {
  const auto top = engine.get("/containers/" + container + "/top?ps_args=-eo%20pid,etimes", deadline);
  const auto ages = process_ages(top.value("Titles", std::vector<std::string>{}),
                                 top.value("Processes", std::vector<std::vector<std::string>>{}));
  if (!ages.empty()) facts.haproxy_process_age = *std::min_element(ages.begin(), ages.end());
}

void look_inside(docker::Client& docker, const inventory::Conventions& conventions, NodeFacts& facts,
                 Deadline deadline) {
  const auto result =
      docker.exec(conventions.consul_container,
                  {"python3", "-I", "-S", "-c", node_report_script, conventions.deploy_root}, deadline);
  if (!result.ok()) {
    throw Error(Kind::unavailable,
                fmt::format("python3 in {}: {}", conventions.consul_container, last_line(result.err)));
  }
  read_node_report(result.out, facts);
}

struct AppVolumes {
  std::vector<std::string> domains;
  std::vector<std::pair<std::string, std::string>> volumes;  // volume, app
};

// Of the records that Consul holds: all domains, and the volumes of the apps whose master is this node.
AppVolumes apps_of(consul::Client consul, const std::string& node, Deadline deadline) {
  AppVolumes apps;
  for (const auto& entry : consul.list("app/", deadline)) {
    try {
      const auto record = contract::parse_record(entry.value);
      for (const auto& domain : record.domains) {
        if (!domain.empty()) apps.domains.push_back(domain);
      }
      if (record.at.master != node) continue;
      for (const auto& volume : record.volumes) apps.volumes.emplace_back(volume, entry.key.substr(4));
    } catch (const Error&) {
      // Another program's entry.
    }
  }
  return apps;
}

void look_at_node(const inventory::Inventory& inventory, NodeFacts& facts, const std::string& node,
                  Deadline deadline) {
  const auto& end = inventory.docker(node).local;
  const auto& conventions = inventory.cluster;
  docker::Engine engine(end);
  look_at_engine(engine, conventions.volume_driver, facts, deadline);
  docker::Client docker(end);
  AppVolumes apps;
  try {
    apps = apps_of(consul::Client(inventory.consul().local, inventory.consul_token), node, deadline);
  } catch (const Error& error) {
    if (error.kind() == Kind::interrupted) throw;  // the probe of Consul reports the others
  }
  for (const auto& [volume, app] : apps.volumes) {
    std::optional<docker::Volume> found;
    try {
      found = docker.volume(volume, deadline);
    } catch (const Error& error) {
      if (error.kind() == Kind::interrupted) throw;  // its driver does not answer: that is another finding
    }
    if (found && found->driver != conventions.volume_driver) {
      facts.foreign_volumes.push_back(
          fmt::format("{} of {} on {} has driver {}", volume, app, node, found->driver));
    }
  }
  const auto container = docker.container(conventions.consul_container, deadline);
  if (!container || !container->running())
    throw Error(Kind::unavailable, conventions.consul_container + " does not run");
  look_at_clock(docker, conventions.consul_container, facts, deadline);
  auto looked = Deadline::in(facts_time);
  look_inside(docker, conventions, facts, deadline);
  facts.domains_not_rendered = domains_without_rule(facts.haproxy_cfg, apps.domains);
  if (!facts.domains_not_rendered.empty()) {
    http::StopScope::pause(rendering_time);
    looked = Deadline::in(facts_time);
    look_inside(docker, conventions, facts, deadline);
    facts.domains_not_rendered = domains_without_rule(facts.haproxy_cfg, apps.domains);
  }
  const auto haproxy = docker.container(conventions.haproxy_container, deadline);
  if (haproxy && haproxy->running()) look_at_haproxy(engine, conventions.haproxy_container, facts, deadline);
  // The processes were looked at later than the file: both ages are those of the first look.
  if (facts.haproxy_process_age)
    *facts.haproxy_process_age -= std::chrono::duration<double>(looked.elapsed()).count();
  if (auto disk = look_at_volumes(engine, docker, conventions.volume_driver, deadline))
    facts.disks.push_back(std::move(*disk));
}

}  // namespace

void read_node_report(std::string_view printed, NodeFacts& facts) {
  const auto report = json::parse(printed, nullptr, false);
  if (!report.is_object()) throw Error(Kind::invalid, "the script on the node printed something else");
  try {
    facts.disks.clear();
    for (const auto& disk : report.at("disks")) {
      if (disk.is_null()) continue;
      facts.disks.push_back(
          {disk.at("path"), disk.at("size"), disk.at("free"), disk.at("inodes"), disk.at("inodes_free")});
    }
    if (report.at("watches").is_number()) facts.watches = report.at("watches").get<int>();
    if (const auto& haproxy = report.at("haproxy"); haproxy.is_object()) {
      facts.haproxy_file_age = haproxy.at("age").get<double>();
      facts.haproxy_cfg = haproxy.at("text");
    }
  } catch (const json::exception& error) {
    throw Error(Kind::invalid, std::string("the script on the node printed something else: ") + error.what());
  }
}

std::vector<double> process_ages(const std::vector<std::string>& titles,
                                 const std::vector<std::vector<std::string>>& processes) {
  const auto title = std::find(titles.begin(), titles.end(), "ELAPSED");
  if (title == titles.end()) return {};
  const auto column = static_cast<std::size_t>(title - titles.begin());
  std::vector<double> ages;
  for (const auto& process : processes) {
    if (process.size() <= column) return {};
    const auto number = json::parse(process[column], nullptr, false);
    if (!number.is_number_unsigned()) return {};
    ages.push_back(number.get<double>());
  }
  return ages;
}

std::vector<std::string> domains_without_rule(std::string_view haproxy_cfg,
                                              const std::vector<std::string>& domains) {
  std::vector<std::string> missing;
  if (haproxy_cfg.empty()) return missing;
  for (const auto& domain : domains) {
    if (haproxy_cfg.find("hdr(host) -i " + domain + " }") == std::string_view::npos)
      missing.push_back(domain);
  }
  return missing;
}

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
