#include "cli/env_command.hpp"

#include "base/shell_quoted.hpp"
#include "base/spawn.hpp"
#include "cli/command.hpp"
#include "cli/environment.hpp"
#include "cli/tunnels_for_command.hpp"
#include "tunnels/client.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <memory>

namespace labctl::cli {
namespace {

struct EnvOptions {
  std::string docker_host;
  std::vector<std::string> command;
};

void tell_tokens(const Context& context) {
  for (const auto& name : token_variables(::getenv))
    say(context, "note     " + name + " stays as it is: clients of Consul send it to this cluster");
}

// The variables are right without tunnels too, but a client would only say that it gets no connection.
void tell_missing_tunnels(const inventory::Inventory& inventory, const Context& context) {
  try {
    if (tunnels::status(inventory)) return;
    say(context,
        "note     no tunnels are up for inventory " + inventory.name + "; labctl tunnels up opens them");
  } catch (const Error& error) {
    if (error.kind() == Kind::interrupted) throw;
    say(context, "note     " + error.line());
  }
}

ExitCode print_environment(const EnvOptions& options, const Context& context) {
  const auto inventory = context.load_inventory();
  tunnels::require_ours(inventory);
  const auto variables = environment_of(inventory, options.docker_host, ::getenv);
  tell_tokens(context);
  tell_missing_tunnels(inventory, context);
  if (context.json) {
    nlohmann::ordered_json document = nlohmann::ordered_json::object();
    for (const auto& [name, value] : variables) {
      if (value) {
        document[name] = *value;
      } else {
        document[name] = nullptr;
      }
    }
    fmt::print("{}\n", document.dump(2));
  } else {
    for (const auto& [name, value] : variables)
      fmt::print("{}\n", value ? "export " + name + "=" + shell_quoted(*value) : "unset " + name);
  }
  return ExitCode::ok;
}

ExitCode run_command(const EnvOptions& options, const Context& context) {
  const auto inventory = context.load_inventory();
  tell_tokens(context);
  for (const auto& [name, value] : environment_of(inventory, options.docker_host, ::getenv))
    value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
  TunnelsForCommand tunnels(inventory, TunnelsForCommand::Need::some);
  if (!tunnels.were_up()) say(context, "tunnels: up for this command");
  // Ctrl-C also reaches the command, which decides how to react.
  const int status = wait_for_exit(Spawn().start(options.command));
  tunnels.close();
  return static_cast<ExitCode>(status);
}

void add_docker_host(CLI::App& command, const std::shared_ptr<EnvOptions>& options) {
  command.add_option("--docker-host", options->docker_host, "sets DOCKER_HOST to this node's engine too")
      ->type_name("NODE");
}

}  // namespace

void add_env_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<EnvOptions>();
  auto* env = app.add_subcommand("env", "the tunnels as variables for a shell: eval \"$(labctl env)\"");
  add_docker_host(*env, options);
  on_chosen(*env, context, [options](const Context& ctx) { return print_environment(*options, ctx); });

  auto* run = app.add_subcommand(
      "run", "runs a command with these variables: labctl run -- CMD ...; ends with its exit status");
  add_docker_host(*run, options);
  run->add_option("command", options->command, "command and its words, after --")->required();
  on_chosen(*run, context, [options](const Context& ctx) { return run_command(*options, ctx); });
}

}  // namespace labctl::cli
