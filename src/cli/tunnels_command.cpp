#include "cli/tunnels_command.hpp"

#include "base/interrupt.hpp"
#include "base/log.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "base/user.hpp"
#include "cli/command.hpp"
#include "cli/old_places.hpp"
#include "cli/trust_command.hpp"
#include "cli/tunnels_table.hpp"
#include "tunnels/client.hpp"
#include "tunnels/daemon.hpp"
#include "tunnels/daemon_lock.hpp"
#include "tunnels/logout_note.hpp"
#include "tunnels/node_login.hpp"
#include "tunnels/typed_passphrases.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace labctl::cli {
namespace {

struct TunnelsOptions {
  bool foreground = false;
  bool compat = false;
  bool watch = false;
  std::vector<std::string> nodes;
  std::vector<std::string> forwards;
};

// A line on stderr for each problem and note, as for any other error.
ExitCode tell(const tunnels::UpFailed& failed) {
  for (const std::string& line : lines(failed.what())) fmt::print(stderr, "labctl: {}\n", line);
  return ExitCode::unable;
}

void print_status(const Context& context, const tunnels::Status& status) {
  if (context.json) {
    fmt::print("{}\n", nlohmann::json(status).dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print("{}", tunnels_table(status, context.colour_on(STDOUT_FILENO)));
  }
  std::fflush(stdout);
}

ExitCode run_in_foreground(const Context& context, const inventory::Inventory& inventory,
                           const TunnelsOptions& options) {
  log_to_stderr(context.verbosity == Verbosity::quiet ? Verbosity::quiet : Verbosity::verbose);
  tunnels::Plan plan = tunnels::make_plan(inventory, options.nodes);
  tunnels::TypedPassphrases passphrases;
  std::vector<tunnels::Problem> problems;
  do {
    problems.clear();
    tunnels::run_daemon(plan, -1, [&](const tunnels::Reply& reply) {
      problems = reply.problems;
      if (!reply.ok) return;
      passphrases.forget();
      print_status(context, *reply.status);
    });
  } while (passphrases.ask(problems, plan));
  return problems.empty() ? ExitCode::ok : tell(tunnels::UpFailed(problems, inventory.name));
}

// Prints options of the user's ssh configuration that labctl ignores. More important ones are errors
// elsewhere.
void tell_config_notes(const Context& context, const inventory::Inventory& inventory,
                       const TunnelsOptions& options) {
  std::vector<inventory::Node> nodes;
  for (const auto& node : inventory.nodes) {
    const auto& chosen = options.nodes;
    if (chosen.empty() || std::find(chosen.begin(), chosen.end(), node.name) != chosen.end())
      nodes.push_back(node);
  }
  for (const auto& note : tunnels::config_notes(nodes)) say(context, "ssh config  not followed: " + note);
}

// Every user of this machine can connect to a loopback port (SECURITY.md).
void tell_open_consul(const Context& context, const inventory::Inventory& inventory) {
  const auto& usual = inventory.consul();
  for (const auto& forward : inventory.forwards) {
    if (forward.kind != inventory::Forward::Kind::consul || forward.local.is_unix_socket()) continue;
    say(context,
        fmt::format("note     every user of this machine can reach Consul at {}; {}",
                    to_string(forward.local),
                    forward.name == usual.name
                        ? "in the inventory, consul: {local: \"{runtime}/consul.sock\"} restricts it "
                          "to your user"
                        : "that is what --compat asks for"));
  }
}

ExitCode tunnels_up(const Context& context, const TunnelsOptions& options) {
  auto inventory = context.load_inventory();
  if (options.compat) {
    require_safe_for_sockets(old_docker_place("").parent_path());
    inventory = with_old_places(std::move(inventory));
  }
  tell_config_notes(context, inventory, options);
  if (options.foreground) return run_in_foreground(context, inventory, options);
  try {
    const auto report = tunnels::up(inventory, {.nodes = options.nodes, .program = {}});
    const auto forwards = plural(report.status.forwards.size(), "forward");
    say(context, report.already_up
                     ? fmt::format("tunnels  already up: {} ok", forwards)
                     : fmt_seconds(fmt::format("tunnels  up: {} ok after", forwards), report.elapsed));
    if (!report.already_up) {
      tell_open_consul(context, inventory);
      const std::string at_logout = tunnels::logout_note(runtime_dir(), ::getuid(), user_name(::getuid()));
      if (!at_logout.empty()) say(context, "note     " + at_logout);
    }
    if (context.json) print_status(context, report.status);
    return ExitCode::ok;
  } catch (const tunnels::UpFailed& failed) {
    return tell(failed);
  }
}

ExitCode judged(const tunnels::Status& status) { return status.all_up() ? ExitCode::ok : ExitCode::wrong; }

ExitCode watch(const Context& context, const std::string& inventory) {
  std::uint64_t revision = 0;
  while (true) {
    throw_if_interrupted();
    // Counters change without a new revision, so one wait takes at most one second.
    const auto status =
        tunnels::status(inventory, revision, std::chrono::milliseconds(revision == 0 ? 0 : 1000));
    if (!status) throw Error(Kind::unavailable, "the tunnels are down", "inventory " + inventory);
    revision = status->revision;
    if (context.json) {
      fmt::print("{}\n",
                 nlohmann::json(*status).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    } else {
      const bool terminal = context.colour_on(STDOUT_FILENO);
      fmt::print("{}{}", terminal ? "\x1b[H\x1b[2J" : "", tunnels_table(*status, terminal));
    }
    std::fflush(stdout);
  }
}

void tell_of_daemon_elsewhere(const Context& context, const std::string& inventory) {
  const std::string note = tunnels::daemon_elsewhere_note(inventory);
  if (!note.empty()) say(context, "note     " + note);
}

ExitCode tunnels_status(const Context& context, const TunnelsOptions& options) {
  const auto inventory = context.load_inventory();
  const auto status = tunnels::status(inventory);
  if (!status) {
    if (context.json) {
      fmt::print("null\n");
    } else {
      fmt::print("no tunnels are up for inventory {}; labctl tunnels up opens them\n", with_file(inventory));
      tell_of_daemon_elsewhere(context, inventory.name);
    }
    return ExitCode::wrong;
  }
  if (options.watch) return watch(context, inventory.name);
  print_status(context, *status);
  return judged(*status);
}

ExitCode restart(const Context& context, const TunnelsOptions& options) {
  const auto inventory = context.load_inventory();
  try {
    const auto status = tunnels::restart(inventory, options.forwards);
    say(context, options.forwards.empty()
                     ? fmt::format("tunnels  restarted: {} ok", plural(status.forwards.size(), "forward"))
                     : "tunnels  " + join(options.forwards, ", ") + " answer again");
    if (context.json) print_status(context, status);
    return judged(status);
  } catch (const tunnels::UpFailed& failed) {
    return tell(failed);
  }
}

ExitCode tunnels_down(const Context& context, const TunnelsOptions&) {
  // Also removes what a killed daemon has left at the old places.
  const auto inventory = with_old_places(context.load_inventory(), Occupied::left_out);
  const bool ran = tunnels::down(inventory);
  say(context, ran ? "tunnels  down" : "tunnels  none were up");
  if (!ran) tell_of_daemon_elsewhere(context, inventory.name);
  return ExitCode::ok;
}

}  // namespace

void add_tunnels_command(CLI::App& app, Context& context) {
  auto* tunnels =
      app.add_subcommand("tunnels", "SSH tunnels to Consul and every node's Docker")->require_subcommand(1);
  auto options = std::make_shared<TunnelsOptions>();
  auto add = [&](const char* name, const char* text,
                 ExitCode (*action)(const Context&, const TunnelsOptions&)) {
    auto* command = tunnels->add_subcommand(name, text);
    on_chosen(*command, context, [options, action](const Context& ctx) { return action(ctx, *options); });
    return command;
  };
  auto* up_command = add("up", "opens them and returns when every forward answers", tunnels_up);
  up_command->add_flag("--foreground", options->foreground,
                       "stay in the foreground until Ctrl-C, also as a systemd service");
  up_command->add_option("--node", options->nodes, "only these nodes")->type_name("NODE");
  up_command->add_flag(
      "--compat", options->compat,
      "also at the old places: /tmp/docker_NODE.sock for each node, 127.0.0.1:8500 for Consul");
  add("status", "a line per forward", tunnels_status)
      ->add_flag("--watch", options->watch, "go on with every change");
  add("restart", "closes and opens forwards, or all of them", restart)
      ->add_option("forward", options->forwards, "names as `status` shows them")
      ->type_name("FORWARD");
  add("down", "closes them and ends the daemon", tunnels_down);
  add_trust_command(*tunnels, context);
  auto* daemon = tunnels->add_subcommand("daemon", "")->group("");
  on_chosen(*daemon, context, [](const Context&) { return static_cast<ExitCode>(tunnels::daemon_main()); });
}

}  // namespace labctl::cli
