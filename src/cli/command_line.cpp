#include "cli/command_line.hpp"

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/version.hpp"

#include <CLI/CLI.hpp>

#include <map>

namespace labctl::cli {
namespace {

void add_global_options(CLI::App& app, Context& context) {
  app.set_version_flag("--version", version_text);
  app.add_option_function<std::string>(
         "--inventory", [&context](const std::string& file) { context.inventory_file = file; },
         "inventory file; else $LABCTL_INVENTORY, ./inventory.yaml, ~/.config/labctl/inventory.yaml, the lab "
         "that is up")
      ->type_name("FILE");
  app.add_flag("--json", context.json, "data as JSON");
  auto* verbose = app.add_flag_callback(
      "-v,--verbose", [&context] { context.verbosity = Verbosity::verbose; }, "say more on stderr");
  app.add_flag_callback(
         "-q,--quiet", [&context] { context.verbosity = Verbosity::quiet; }, "say only errors")
      ->excludes(verbose)
      ->option_text(" ");
  verbose->option_text(" ");
  app.add_option("--color", context.colour, "colour: auto, always or never")
      ->option_text("WHEN")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Colour>{
          {"auto", Colour::automatic}, {"always", Colour::always}, {"never", Colour::never}}));
}

}  // namespace

std::unique_ptr<CLI::App> command_line(Context& context) {
  auto app =
      std::make_unique<CLI::App>("Proves that a cluster of Docker nodes does what it promises.", "labctl");
  app->require_subcommand(1);
  app->fallthrough();  // inherited: global options may follow the command
  app->failure_message([](const CLI::App*, const CLI::Error&) { return std::string(); });
  add_global_options(*app, context);
  add_commands(*app, context);
  return app;
}

}  // namespace labctl::cli
