#include "cli/inventory_command.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/from_salt_command.hpp"
#include "inventory/write.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace labctl::cli {
namespace {

// The files an inventory names are not part of its text, so load() does not look at them.
void check_files(const inventory::Inventory& inventory) {
  for (const auto& node : inventory.nodes) {
    if (node.identity && ::access(node.identity->c_str(), F_OK) != 0) {
      throw Error(Kind::not_found,
                  "the identity of " + node.name + " does not exist: " + node.identity->string(),
                  inventory.source.string(), "make a key with ssh-keygen, or correct identity:");
    }
    if (node.identity && ::access(node.identity->c_str(), R_OK) != 0) {
      throw system_error("cannot read the identity of " + node.name, node.identity->string());
    }
  }
}

ExitCode check(const Context& context) {
  const auto inventory = context.load_inventory();
  check_files(inventory);
  if (context.json) {
    const nlohmann::json report = {{"source", inventory.source.string()}, {"valid", true}};
    fmt::print("{}\n", report.dump());
  } else {
    fmt::print("{}: valid, {}, {}\n", inventory.source.string(), plural(inventory.nodes.size(), "node"),
               plural(inventory.forwards.size(), "forward"));
  }
  return ExitCode::ok;
}

ExitCode show(const Context& context) {
  const auto inventory = context.load_inventory();
  fmt::print("{}", context.json ? inventory::to_json(inventory)
                                : inventory::to_yaml(inventory, inventory.source.string()));
  return ExitCode::ok;
}

ExitCode schema(const Context&) {
  fmt::print("{}", inventory::schema());
  return ExitCode::ok;
}

}  // namespace

void add_inventory_command(CLI::App& app, Context& context) {
  auto* inventory =
      app.add_subcommand("inventory", "the nodes and how they are reached")->require_subcommand(1);
  on_chosen(*inventory->add_subcommand("check", "validates it, with line and column"), context, check);
  on_chosen(*inventory->add_subcommand("show", "its effective values"), context, show);
  on_chosen(*inventory->add_subcommand("schema", "JSON schema of the file, for editors"), context, schema);
  add_from_salt_command(*inventory, context);
}

}  // namespace labctl::cli
