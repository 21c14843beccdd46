#pragma once

#include "base/log.hpp"
#include "inventory/inventory.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace CLI {
class App;
}

// How to add a command
//
// One file per command (or group of commands), one line in the table of commands.cpp. The file has one
// function
//
//   void add_lab_command(CLI::App& app, Context& context);
//
// which adds a subcommand to `app` and sets its action:
//
//   void add_lab_command(CLI::App& app, Context& context) {
//     auto* lab = app.add_subcommand("lab", "the embedded lab")->require_subcommand(1);
//     auto options = std::make_shared<UpOptions>();  // CLI11 writes into it, the action reads it
//     auto* up = lab->add_subcommand("up", "brings a lab up");
//     up->add_option("--name", options->name, "name of the lab")->capture_default_str();
//     on_chosen(*up, context, [options](const Context& ctx) { return lab_up(*options, ctx); });
//   }
//
// - The action returns ExitCode::ok or ExitCode::wrong; everything else is thrown as Error. run() has the
//   only catch.
// - Global options (--inventory, --json, -v, -q, --color) are read from Context; never declare them again.
//   They may stand before or after the command's name.
// - Words after `--` are positionals: `exec NODE -- CMD ...` is `add_option("node")->required()` and
//   `add_option("command", vector)->required()`.
// - Data goes to stdout (with --json: one JSON document, or one per line for streams); progress goes through
//   say() to stderr.
// - SIGINT and SIGTERM: run() has installed the handler of base/interrupt.hpp before the action starts.
namespace labctl::cli {

// The meaning of labctl's exit status.
enum class ExitCode {
  ok = 0,
  wrong = 1,   // a test or check failed: a should failed, a forward is down, the doctor found a failure
  unable = 2,  // labctl could not do its work: usage, inventory, no connection
  lab = 3,     // the embedded lab itself failed
  interrupted = 130
};

enum class Colour { automatic, always, never };

// The global options, filled before an action runs.
struct Context {
  std::optional<std::filesystem::path> inventory_file;  // --inventory
  bool json = false;
  Verbosity verbosity = Verbosity::normal;
  Colour colour = Colour::automatic;

  // Whether output to this descriptor may have colours and animation: it is a terminal, and neither --color
  // nor NO_COLOR forbids it.
  bool colour_on(int fd) const;

  // The inventory file in the search order of inventory/find.hpp, parsed and validated.
  // Error{not_found} with the places searched if there is none.
  inventory::Inventory load_inventory() const;
  // The same, nullopt if there is none; `labctl test` then starts a lab.
  std::optional<inventory::Inventory> load_inventory_if_any() const;

  std::function<ExitCode(const Context&)> action;  // of the chosen command; set by on_chosen()
};

using Action = std::function<ExitCode(const Context&)>;
void on_chosen(CLI::App& command, Context& context, Action action);

// Progress and messages: a line on stderr, none with -q.
void say(const Context& context, const std::string& line);

}  // namespace labctl::cli
