#include "cli/contexts_command.hpp"

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/docker_contexts.hpp"
#include "tunnels/client.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace labctl::cli {
namespace {

struct ContextsOptions {
  bool apply = false;
  bool remove = false;
};

std::string docker_context(std::vector<std::string> words) {
  words.insert(words.begin(), {"docker", "context"});
  try {
    return run_checked({.argv = words, .drop_environment = {"DOCKER_HOST", "DOCKER_CONTEXT"}},
                       Deadline::in(std::chrono::minutes(1)));
  } catch (const Error& error) {
    if (error.kind() != Kind::not_found) throw;
    throw Error(Kind::not_found, "the docker program is not installed", {},
                "contexts are only of use to it; labctl env gives the engines to other programs");
  }
}

std::vector<DockerContext> existing_contexts() {
  return parse_contexts(docker_context({"ls", "--format", "{{json .}}"}));
}

void remove(const std::vector<DockerContext>& contexts, const Context& context) {
  for (const auto& one : contexts) {
    docker_context({"rm", "--force", one.name});  // without --force, docker keeps the current context
    if (one.current)
      say(context, "note     " + one.name + " was the current context; docker uses its default engine now");
  }
}

void refuse_foreign(const std::vector<std::string>& names) {
  if (names.empty()) return;
  throw Error(Kind::conflict,
              fmt::format("not made by labctl, and left as {}: {}; nothing was changed",
                          names.size() == 1 ? "it is" : "they are", join(names, ", ")),
              names.size() == 1 ? "docker context" : "docker contexts",
              "docker context rm NAME if nobody needs it, or give the inventory another name:");
}

void apply(const inventory::Inventory& inventory, const std::vector<DockerContext>& wanted,
           const Context& context) {
  const auto changes = changes_to(wanted, existing_contexts(), inventory.name);
  refuse_foreign(changes.foreign);
  const auto write = [](const char* verb, const DockerContext& one) {
    docker_context({verb, "--description", one.description, "--docker", "host=" + one.endpoint, one.name});
  };
  for (const auto& one : changes.create) write("create", one);
  for (const auto& one : changes.update) write("update", one);
  remove(changes.remove, context);
  say(context, fmt::format("docker   {} contexts, {} new; docker --context {} ps, labctl contexts --remove",
                           wanted.size(), changes.create.size(), wanted.front().name));
}

void print(const std::vector<DockerContext>& wanted, const Context& context) {
  if (context.json) {
    nlohmann::ordered_json document = nlohmann::ordered_json::object();
    for (const auto& one : wanted) document[one.name] = one.endpoint;
    fmt::print("{}\n", document.dump(2));
  } else {
    for (const auto& one : wanted) fmt::print("{}  {}\n", one.name, one.endpoint);
  }
}

ExitCode contexts(const ContextsOptions& options, const Context& context) {
  const auto inventory = context.load_inventory();
  if (options.remove) {
    remove(changes_to({}, existing_contexts(), inventory.name).remove, context);
    return ExitCode::ok;
  }
  tunnels::require_ours(inventory);
  const auto wanted = contexts_of(inventory);
  options.apply ? apply(inventory, wanted, context) : print(wanted, context);
  return ExitCode::ok;
}

}  // namespace

void add_contexts_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<ContextsOptions>();
  auto* command = app.add_subcommand("contexts", "the nodes' engines as docker contexts, one for each node");
  auto* apply =
      command->add_flag("--apply", options->apply, "makes them, or brings those of labctl up to date");
  command->add_flag("--remove", options->remove, "removes those that labctl has made")->excludes(apply);
  on_chosen(*command, context, [options](const Context& ctx) { return contexts(*options, ctx); });
}

}  // namespace labctl::cli
