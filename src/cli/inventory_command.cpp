#include "cli/inventory_command.hpp"

#include "cli/command.hpp"
#include "inventory/find.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>

namespace labctl::cli {
namespace {

ExitCode check(const Context& context) {
  const auto inventory = context.load_inventory();
  fmt::print("{}: valid, {} nodes, {} forwards\n", inventory.source.string(), inventory.nodes.size(),
             inventory.forwards.size());
  return ExitCode::ok;
}

}  // namespace

void add_inventory_command(CLI::App& app, Context& context) {
  auto* inventory = app.add_subcommand("inventory", "the nodes and how they are reached")->require_subcommand(1);
  on_chosen(*inventory->add_subcommand("check", "validates it, with line and column"), context, check);
}

}  // namespace labctl::cli
