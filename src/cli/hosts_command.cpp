#include "cli/hosts_command.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "cli/command.hpp"
#include "cli/hosts_block.hpp"

#include <CLI/CLI.hpp>
#include <arpa/inet.h>
#include <fmt/core.h>
#include <netdb.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <fstream>
#include <memory>

namespace labctl::cli {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

struct HostsOptions {
  bool apply = false;
  bool remove = false;
  std::string file = "/etc/hosts";
};

// A hosts file needs addresses, but an inventory may have host names.
std::string address_of(const inventory::Node& node) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(node.address.c_str(), nullptr, &hints, &found); error != 0) {
    throw Error(Kind::unreachable, fmt::format("cannot resolve {}: {}", node.address, ::gai_strerror(error)),
                node.name);
  }
  char text[NI_MAXHOST] = "";
  ::getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  ::freeaddrinfo(found);
  return text;
}

Entries entries_of(const inventory::Inventory& inventory) {
  Entries entries;
  for (const auto& [host, node] : inventory.hosts)
    entries.emplace_back(address_of(inventory.node(node)), host);
  return entries;
}

// Writes in place if a rename is not possible: a container's /etc/hosts is a mount.
void replace(const std::string& file, const std::string& text) {
  struct stat found {};
  const unsigned mode = ::stat(file.c_str(), &found) == 0 ? found.st_mode & 07777u : 0644u;
  try {
    write_file(file, text, mode);
  } catch (const Error&) {
    std::ofstream out(file, std::ios::trunc);
    if (!(out << text << std::flush)) throw system_error("cannot write", file, "this usually needs root");
  }
}

ExitCode hosts(const HostsOptions& options, const Context& context) {
  const auto inventory = context.load_inventory();
  if (options.remove) {
    const auto before = read_file(options.file);
    const auto after = without_block(before, inventory.name);
    if (after != before) replace(options.file, after);
    return ExitCode::ok;
  }
  const auto entries = entries_of(inventory);
  const auto block = hosts_block(inventory.name, entries);
  if (options.apply) {
    const auto before = read_file(options.file);
    const auto after = with_block(before, inventory.name, block);
    if (after != before) replace(options.file, after);
    say(context,
        fmt::format("{}: {} names; labctl hosts --remove takes them out", options.file, entries.size()));
  } else if (context.json) {
    nlohmann::ordered_json document = nlohmann::ordered_json::object();
    for (const auto& [address, host] : entries) document[host] = address;
    fmt::print("{}\n", document.dump(2));
  } else {
    fmt::print("{}", block);
  }
  return ExitCode::ok;
}

}  // namespace

void add_hosts_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<HostsOptions>();
  auto* command =
      app.add_subcommand("hosts", "the service names as a block for /etc/hosts; labctl itself needs none");
  auto* apply = command->add_flag("--apply", options->apply, "puts the block into the file");
  command->add_flag("--remove", options->remove, "takes it out again")->excludes(apply);
  command->add_option("--file", options->file, "hosts file")->capture_default_str();
  on_chosen(*command, context, [options](const Context& ctx) { return hosts(*options, ctx); });
}

}  // namespace labctl::cli
