#include "cli/ssh_config_command.hpp"

#include "base/text.hpp"
#include "cli/command.hpp"
#include "tunnels/plan.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace labctl::cli {
namespace {

// A path with blanks needs quotes. A percent sign must be doubled, because it begins a token of ssh.
std::string argument(const std::filesystem::path& path) {
  const auto text = replace_all(path.string(), "%", "%%");
  return text.find_first_of(" \t\"") == std::string::npos ? text
                                                          : "\"" + replace_all(text, "\"", "\\\"") + "\"";
}

// One host. `jump`: the name of the host before it, if there is one.
void print_host(const std::string& name, const ssh::Target& target, const std::string& jump) {
  fmt::print("Host {}\n  HostName {}\n  Port {}\n  User {}\n", name, target.host, target.port, target.user);
  for (const auto& identity : target.identities) {
    std::error_code ignored;
    if (target.identity_required || std::filesystem::exists(identity, ignored))
      fmt::print("  IdentityFile {}\n", argument(identity));
  }
  if (target.identities_only) fmt::print("  IdentitiesOnly yes\n");
  if (target.agent_socket.empty()) fmt::print("  IdentityAgent none\n");
  const auto print_said = [](std::string_view option, const std::string& value) {
    if (!value.empty()) fmt::print("  {} {}\n", option, value);
  };
  print_said("AddressFamily", target.address_family);
  print_said("HostKeyAlias", target.host_key_alias);
  print_said("Ciphers", target.algorithms.ciphers);
  print_said("KexAlgorithms", target.algorithms.key_exchanges);
  print_said("MACs", target.algorithms.macs);
  print_said("HostKeyAlgorithms", target.algorithms.host_keys);
  print_said("BindAddress", target.bind_address);
  print_said("BindInterface", target.bind_interface);
  const auto print_number = [&](std::string_view option, int value, int usual) {
    if (value != usual) fmt::print("  {} {}\n", option, value);
  };
  print_number("ConnectTimeout", target.connect_timeout, 0);
  print_number("ConnectionAttempts", target.connection_attempts, 1);
  print_number("ServerAliveInterval", target.alive_interval, 0);
  print_number("ServerAliveCountMax", target.alive_count, 3);
  print_said("ProxyCommand", replace_all(target.proxy_command, "%", "%%"));
  print_said("ProxyJump", jump);
  fmt::print("  UserKnownHostsFile");
  for (const auto& file : target.known_hosts) fmt::print(" {}", argument(file));
  fmt::print("\n  StrictHostKeyChecking yes\n");
}

ExitCode print_ssh_config(const Context& context) {
  const auto inventory = context.load_inventory();
  fmt::print("# Nodes of {}. Write it to a file for ssh -F FILE NODE, or Include that from ~/.ssh/config.\n",
             inventory.source.string());
  for (const auto& node : inventory.nodes) {
    const auto target = tunnels::make_target(node);
    std::string jump;
    for (const auto& host : target.jumps) {
      const std::string name = fmt::format("{}-jump-{}", node.name, host.name);
      print_host(name, host, jump);
      jump = name;
    }
    print_host(node.name, target, jump);
  }
  return ExitCode::ok;
}

}  // namespace

void add_ssh_config_command(CLI::App& app, Context& context) {
  on_chosen(*app.add_subcommand("ssh-config", "the nodes as an ssh_config, as labctl logs in to them"),
            context, print_ssh_config);
}

}  // namespace labctl::cli
