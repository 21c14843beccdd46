#include "cli/lab_command.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/spawn.hpp"
#include "base/table.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/lab_removal.hpp"
#include "inventory/find.hpp"
#include "lab/lab.hpp"
#include "lab/power.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>

namespace labctl::cli {
namespace {

using nlohmann::json;

struct LabOptions {
  lab::UpOptions up;
  std::vector<std::string> os;
  std::string handler;
  std::string node;
  std::string user = "root";
  std::vector<std::string> command;
};

// "bookworm" is for all nodes, "core3=trixie" for one.
void read_os(LabOptions& options) {
  for (const auto& text : options.os) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) {
      options.up.os = text;
    } else {
      options.up.node_os[text.substr(0, equals)] = text.substr(equals + 1);
    }
  }
}

lab::LabInfo existing(const std::string& name) {
  if (auto lab = lab::find(name)) return *lab;
  std::string others;
  for (const auto& lab : lab::all()) others += (others.empty() ? "" : ", ") + lab.name;
  throw Error(Kind::not_found, fmt::format("there is no lab '{}'", name), {},
              others.empty() ? "labctl lab up makes one" : "labs on this machine: " + others);
}

lab::Progress progress_of(const Context& context) {
  return [&context](const std::string& line) { say(context, line); };
}

json lab_json(const lab::LabInfo& lab) {
  json nodes = json::object();
  for (const auto& node : lab.nodes) nodes[node.name] = {{"address", node.address}, {"os", node.os}};
  return {{"name", lab.name}, {"inventory", lab.inventory()}, {"hub", lab.hub_address}, {"nodes", nodes}};
}

std::string node_names(const lab::LabInfo& lab) {
  std::string names;
  for (const auto& node : lab.nodes) names += node.name + " ";
  return names;
}

std::string os_names(const lab::LabInfo& lab) {
  std::string names;
  for (const auto& [os, number] : {std::pair("bookworm", 12), std::pair("trixie", 13)}) {
    for (const auto& node : lab.nodes) {
      if (node.os != os) continue;
      names += (names.empty() ? "Debian " : " and ") + std::to_string(number);
      break;
    }
  }
  return names;
}

// Another file may come before the lab's: a test would then run on another cluster than this person thinks.
void tell_other_inventory(const lab::LabInfo& lab, const Context& context) {
  std::optional<std::filesystem::path> used;
  try {
    used = inventory::find_if_any(context.inventory_file);
  } catch (const Error&) {
    return;  // there is no choice that could be wrong: commands end with this error
  }
  if (!used || *used == lab.inventory()) return;
  say(context, fmt::format("note     here, labctl uses {}; for this lab: labctl --inventory {}",
                           used->string(), lab.inventory().string()));
}

ExitCode lab_up(LabOptions& options, const Context& context) {
  read_os(options);
  if (!options.handler.empty()) options.up.handler = options.handler;
  const auto report = lab::up(options.up, progress_of(context));
  if (report.was_up) {
    say(context, fmt::format("lab \"{}\" is up already", report.lab.name));
  } else {
    say(context, fmt::format("lab      {}{}   {}, Docker {}, Consul {}", node_names(report.lab),
                             fmt_seconds("up in", report.took), os_names(report.lab), report.docker_versions,
                             report.consul_version));
  }
  if (context.json) {
    json data = lab_json(report.lab);
    data["seconds"] = static_cast<double>(report.took.count()) / 1000;
    data["was_up"] = report.was_up;
    fmt::print("{}\n", data.dump());
  } else {
    say(context, "inventory " + report.lab.inventory().string());
    tell_other_inventory(report.lab, context);
  }
  return ExitCode::ok;
}

ExitCode lab_down(LabOptions& options, const Context& context) {
  if (!remove_lab(options.up.name, context)) {
    say(context, fmt::format("there is no lab \"{}\"", options.up.name));
  }
  return ExitCode::ok;
}

ExitCode stop(LabOptions& options, const Context& context) {
  const bool was_on = lab::power_off(existing(options.up.name), options.node);
  say(context, options.node + (was_on ? " is off" : " was off already"));
  return ExitCode::ok;
}

ExitCode start(LabOptions& options, const Context& context) {
  const bool was_off = lab::power_on(existing(options.up.name), options.node);
  say(context, options.node + (was_off ? " is on" : " was on already"));
  return ExitCode::ok;
}

ExitCode lab_status(LabOptions& options, const Context& context) {
  const auto lab = existing(options.up.name);
  if (!lab.up) {
    throw Error(Kind::lab, "is not up: its start failed or was cut off", "lab " + lab.name,
                "labctl lab up starts it anew, labctl lab down removes it");
  }
  bool well = true;
  json all = json::array();
  constexpr std::size_t containers_column = 8;
  TextTable table({"NODE", "OS", "ADDRESS", "STATE", "DOCKER", "SSHD", "PLUGIN", "CONSUL", "CONTAINERS"},
                  containers_column);
  for (const auto& seen : lab::status(lab)) {
    well = well && seen.well();
    if (context.json) {
      all.push_back({{"node", seen.node.name},
                     {"os", seen.node.os},
                     {"address", seen.node.address},
                     {"alive", seen.alive},
                     {"docker", seen.docker},
                     {"sshd", seen.sshd},
                     {"plugin", seen.plugin},
                     {"consul", seen.consul},
                     {"containers", seen.containers},
                     {"well", seen.well()}});
      continue;
    }
    const auto up_or_down = [](bool is) { return is ? "up" : "DOWN"; };
    std::vector<std::string> containers;
    for (const auto& [name, state] : seen.containers) containers.push_back(name + " " + state);
    table.add({seen.node.name, seen.node.os, seen.node.address, seen.alive ? "alive" : "DEAD",
               seen.docker.empty() ? "DOWN" : seen.docker, up_or_down(seen.sshd), up_or_down(seen.plugin),
               up_or_down(seen.consul), join(containers, ", ")});
  }
  fmt::print("{}", context.json ? all.dump() + "\n" : table.text());
  return well ? ExitCode::ok : ExitCode::wrong;
}

// Replaces this process with the command, so that input, output, signals and exit status are those of the
// command.
ExitCode exec(LabOptions& options, const Context&) {
  const auto argv = lab::exec_argv(existing(options.up.name), options.node, options.command, options.user);
  std::fflush(nullptr);
  restore_signals();
  ::execvp(argv[0].c_str(), c_strings(argv).data());
  throw system_error("cannot run", argv[0]);
}

ExitCode logs(LabOptions& options, const Context&) {
  const auto lab = existing(options.up.name);
  const auto node = options.node.empty() ? std::nullopt : std::optional(options.node);
  const auto files = lab::log_files(lab, node);
  if (files.empty()) throw Error(Kind::not_found, "no logs", node ? *node : "lab " + lab.name);
  for (const auto& file : files) {
    fmt::print("==> {} <==\n{}\n", file.string(), read_file(file));
  }
  return ExitCode::ok;
}

ExitCode inventory(LabOptions& options, const Context&) {
  const auto lab = existing(options.up.name);
  if (!lab.up) throw Error(Kind::lab, "is not up", "lab " + lab.name, "labctl lab up");
  fmt::print("{}", read_file(lab.inventory()));
  return ExitCode::ok;
}

}  // namespace

void add_lab_command(CLI::App& app, Context& context) {
  auto* lab =
      app.add_subcommand("lab", "the embedded lab on this machine (needs root)")->require_subcommand(1);
  const auto options = std::make_shared<LabOptions>();
  auto add = [&](const char* name, const char* about, ExitCode (*action)(LabOptions&, const Context&)) {
    auto* command = lab->add_subcommand(name, about);
    command->add_option("--name", options->up.name, "which lab")->type_name("LAB")->capture_default_str();
    on_chosen(*command, context,
              [options, action](const Context& chosen) { return action(*options, chosen); });
    return command;
  };
  auto* up_command = add(
      "up", "brings a lab up: real nodes with Docker, sshd, volume plugin and the cluster's stack", lab_up);
  up_command->add_option("--nodes", options->up.nodes, "how many")->type_name("N")->capture_default_str();
  up_command->add_option("--os", options->os, "bookworm or trixie, for all nodes or one; may be repeated")
      ->type_name("OS|NODE=OS");
  up_command->add_option("--handler", options->handler, "deploy handler to run instead of labctl's own")
      ->type_name("FILE");
  up_command->add_flag("--fresh", options->up.fresh, "make the nodes' cached Docker data anew");
  add("down", "removes a lab with everything that belongs to it", lab_down);
  add("status", "what is seen of each node now; exit 1 if something is down", lab_status);
  add("stop", "ends a node as a loss of power does; its data stays", stop)
      ->add_option("node", options->node, "core1, ...")
      ->required();
  add("start", "gives a stopped node its power back, and returns when it is well", start)
      ->add_option("node", options->node, "core1, ...")
      ->required();
  auto* exec_command = add("exec", "runs a command in a node", exec);
  exec_command->add_option("--user,-u", options->user, "as whom")->type_name("USER")->capture_default_str();
  exec_command->add_option("node", options->node, "core1, ... or hub")->required();
  exec_command->add_option("command", options->command, "after --")->required();
  auto* logs_command = add("logs", "the logs of a node, or of all", logs);
  logs_command->add_option("node", options->node, "core1, ... or hub");
  add("inventory", "prints the lab's inventory", inventory);
}

}  // namespace labctl::cli
