#include "cli/inventory_command.hpp"

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "inventory/find.hpp"
#include "inventory/salt.hpp"
#include "inventory/write.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <iostream>
#include <iterator>
#include <memory>

namespace labctl::cli {
namespace {

namespace fs = std::filesystem;

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
    fmt::print("{}: valid, {} nodes, {} forwards\n", inventory.source.string(), inventory.nodes.size(),
               inventory.forwards.size());
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

struct FromSalt {
  std::string file;
  bool run = false;
  std::string target = "*";
  std::string interface = "eth0";
  std::string output;
  bool force = false;
  inventory::SaltOptions login;
};

std::string salt_output(const FromSalt& options) {
  if (options.run) {
    // Its status says no more than its words: 1 also when a single minion did not answer.
    const auto result = labctl::run(
        {.argv = {"salt", options.target, "grains.get", "ip4_interfaces:" + options.interface, "--out=json"}},
        Deadline::in(std::chrono::minutes(2)));
    if (result.out.find('{') == std::string::npos) {
      const auto said = last_line(result.err.empty() ? result.out : result.err);
      throw Error(
          Kind::unavailable, "salt gave no answer: " + said, "salt",
          "it runs on the salt master, mostly as root; or give its output: labctl inventory from-salt FILE");
    }
    return result.out + result.err;
  }
  if (!options.file.empty() && options.file != "-") return read_file(options.file);
  if (options.file.empty() && ::isatty(STDIN_FILENO) == 1) {
    throw Error(Kind::usage, "there is nothing to read", "from-salt",
                "sudo salt '*' grains.get ip4_interfaces:eth0 | labctl inventory from-salt -, or --run");
  }
  return {std::istreambuf_iterator<char>(std::cin), {}};
}

ExitCode from_salt(const FromSalt& options, const Context& context) {
  const auto made =
      inventory::inventory_from_salt(inventory::parse_salt(salt_output(options)), options.login);
  for (const auto& note : made.notes) say(context, note);
  const auto text = context.json ? inventory::to_json(made.inventory)
                                 : inventory::to_yaml(made.inventory, "Made by labctl inventory from-salt.");
  if (options.output.empty()) {
    fmt::print("{}", text);
    return ExitCode::ok;
  }
  std::error_code ignored;
  if (!options.force && fs::exists(options.output, ignored)) {
    throw Error(Kind::conflict, "the file exists", options.output, "--force replaces it");
  }
  write_file(options.output, text);
  say(context, fmt::format("{}: {} nodes", options.output, made.inventory.nodes.size()));
  return ExitCode::ok;
}

void add_from_salt(CLI::App& inventory, Context& context) {
  auto options = std::make_shared<FromSalt>();
  auto* command = inventory.add_subcommand("from-salt", "makes one from what salt says of its minions");
  auto* file = command->add_option("FILE", options->file,
                                   "output of sudo salt '*' grains.get ip4_interfaces:eth0; - is stdin");
  auto* run = command->add_flag("--run", options->run, "runs salt itself")->excludes(file);
  command->add_option("--target", options->target, "minions to ask with --run")
      ->needs(run)
      ->capture_default_str();
  command->add_option("--interface", options->interface, "whose address to take with --run")
      ->needs(run)
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "writes this file, not stdout");
  command->add_flag("--force", options->force, "replaces an existing file");
  command->add_option("--user", options->login.user, "who logs in to the nodes")->capture_default_str();
  command->add_option("--identity", options->login.identity, "private key to log in with");
  on_chosen(*command, context, [options](const Context& ctx) { return from_salt(*options, ctx); });
}

}  // namespace

void add_inventory_command(CLI::App& app, Context& context) {
  auto* inventory =
      app.add_subcommand("inventory", "the nodes and how they are reached")->require_subcommand(1);
  on_chosen(*inventory->add_subcommand("check", "validates it, with line and column"), context, check);
  on_chosen(*inventory->add_subcommand("show", "its effective values"), context, show);
  on_chosen(*inventory->add_subcommand("schema", "JSON schema of the file, for editors"), context, schema);
  add_from_salt(*inventory, context);
}

}  // namespace labctl::cli
