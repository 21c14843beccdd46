#include "cli/from_salt_command.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "cli/salt_host_keys.hpp"
#include "cli/salt_program.hpp"
#include "inventory/merge.hpp"
#include "inventory/salt.hpp"
#include "inventory/write.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <iterator>
#include <memory>

namespace labctl::cli {
namespace {

namespace fs = std::filesystem;

struct FromSaltOptions {
  std::string file;
  bool run = false;
  std::string target = "*";
  std::string interface = "eth0";
  bool host_keys = false;
  std::string host_keys_file;
  std::string merge;
  std::string output;
  bool force = false;
  bool user_given = false;
  std::string via;
  inventory::SaltOptions login;

  bool wants_host_keys() const { return host_keys || !host_keys_file.empty(); }
};

std::string input(const FromSaltOptions& options) {
  if (options.run) return run_salt({options.target, "grains.get", "ip4_interfaces:" + options.interface});
  if (!options.file.empty() && options.file != "-") return read_file(options.file);
  if (options.file.empty() && ::isatty(STDIN_FILENO) == 1) {
    throw Error(Kind::usage, "there is nothing to read", "from-salt",
                "sudo salt '*' grains.get ip4_interfaces:eth0 | labctl inventory from-salt -, or --run");
  }
  return {std::istreambuf_iterator<char>(std::cin), {}};
}

// private=False: the answer must not contain the private keys.
std::vector<inventory::SaltHostKeys> host_keys(const FromSaltOptions& options) {
  if (!options.host_keys_file.empty())
    return inventory::parse_salt_host_keys(read_file(options.host_keys_file), options.host_keys_file);
  return inventory::parse_salt_host_keys(
      run_salt({options.target, "ssh.host_keys", "private=False", "certs=False"}), "ssh.host_keys");
}

// Where the result is written; empty: stdout.
fs::path target(const FromSaltOptions& options) {
  return options.output.empty() ? options.merge : options.output;
}

// The inventory's own known_hosts, in the same folder; empty if host keys are not wanted.
fs::path known_hosts_file(const FromSaltOptions& options) {
  if (!options.wants_host_keys()) return {};
  if (target(options).empty()) {
    throw Error(Kind::usage, "host keys are written beside the inventory", "--host-keys",
                "give the inventory with -o FILE or --merge FILE");
  }
  return fs::absolute(target(options)).lexically_normal().replace_extension(".known_hosts");
}

void refuse_existing(const FromSaltOptions& options, const fs::path& file) {
  std::error_code ignored;
  if (!options.force && options.merge.empty() && fs::exists(file, ignored))
    throw Error(Kind::conflict, "the file exists", file.string(), "--force replaces it");
}

ExitCode from_salt(FromSaltOptions options, const Context& context) {
  const auto known_hosts = known_hosts_file(options);
  options.login.known_hosts = known_hosts;
  for (const auto& node : split(options.via, ',')) {
    if (!trim(node).empty()) options.login.via.push_back(trim(node));
  }
  // In a merge, the defaults of the existing inventory name the user.
  if (!options.merge.empty() && !options.user_given) options.login.user.clear();

  const bool file = !options.run && !options.file.empty() && options.file != "-";
  auto made = inventory::inventory_from_salt(
      inventory::parse_salt(input(options), {options.interface, file ? options.file : "salt's output"}),
      options.login);
  std::string text;
  if (options.merge.empty()) {
    text = context.json ? inventory::to_json(made.inventory)
                        : inventory::to_yaml(made.inventory, "Made by labctl inventory from-salt.");
  } else {
    auto merged =
        inventory::merge_nodes(read_file(options.merge), options.merge, made.inventory.nodes, known_hosts);
    made.notes.insert(made.notes.end(), merged.notes.begin(), merged.notes.end());
    text = std::move(merged.text);
    made.inventory = std::move(merged.inventory);
  }
  KnownHostsText keys;
  if (options.wants_host_keys())
    keys = known_hosts_of(made.inventory.nodes, host_keys(options), options.login);
  for (const auto& note : made.notes) say(context, note);
  for (const auto& note : keys.notes) say(context, note);
  if (target(options).empty()) {
    fmt::print("{}", text);
    return ExitCode::ok;
  }
  refuse_existing(options, target(options));
  if (!known_hosts.empty()) {
    refuse_existing(options, known_hosts);
    write_file(known_hosts, keys.text, 0600);
  }
  write_file(target(options), text);
  say(context, target(options).string() + ": " + plural(made.inventory.nodes.size(), "node"));
  return ExitCode::ok;
}

}  // namespace

void add_from_salt_command(CLI::App& inventory, Context& context) {
  auto options = std::make_shared<FromSaltOptions>();
  auto* command = inventory.add_subcommand("from-salt", "creates an inventory from salt's answers");
  auto* file = command->add_option("FILE", options->file,
                                   "output of sudo salt '*' grains.get ip4_interfaces:eth0; - is stdin");
  auto* run = command->add_flag("--run", options->run, "runs salt itself")->excludes(file);
  command->add_option("--target", options->target, "minions to ask with --run")
      ->needs(run)
      ->capture_default_str();
  command->add_option("--interface", options->interface, "whose address to take")->capture_default_str();
  auto* keys = command
                   ->add_flag("--host-keys", options->host_keys,
                              "collects the host keys through salt, into a known_hosts beside the inventory")
                   ->needs(run);
  command
      ->add_option("--host-keys-from", options->host_keys_file,
                   "the same from the output of sudo salt '*' ssh.host_keys private=False")
      ->excludes(keys);
  auto* merge = command->add_option("--merge", options->merge,
                                    "puts the nodes into this inventory, whose other lines stay as they are");
  command->add_option("-o,--output", options->output, "writes this file, not stdout")->excludes(merge);
  command->add_flag("--force", options->force, "replaces an existing file");
  command->add_option("--via", options->via, "nodes that Consul is reached through, with commas between")
      ->excludes(merge);
  auto* user =
      command->add_option("--user", options->login.user, "who logs in to the nodes")->capture_default_str();
  command->add_option("--identity", options->login.identity, "private key to log in with");
  command->add_flag("--short-names", options->login.short_names,
                    "names the node of the minion core1.example.org core1");
  on_chosen(*command, context, [options, user](const Context& ctx) {
    options->user_given = user->count() > 0;
    return from_salt(*options, ctx);
  });
}

}  // namespace labctl::cli
