#include "cli/trust_command.hpp"

#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/question.hpp"
#include "tunnels/client.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <thread>

namespace labctl::cli {
namespace {

using ssh::HostKeyVerdict;
using tunnels::HostKeySeen;

constexpr std::chrono::seconds patience{15};

struct TrustOptions {
  std::vector<std::string> nodes;
  bool yes = false;
};

struct Look {
  std::optional<HostKeySeen> seen;
  std::optional<Error> error;
};

// All nodes in parallel.
std::vector<Look> look_at(const std::vector<inventory::Node>& nodes) {
  std::vector<Look> looks(nodes.size());
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    threads.emplace_back([&look = looks[i], &node = nodes[i]] {
      try {
        look.seen = tunnels::host_key(node, Deadline::in(patience));
      } catch (...) {
        look.error = current_error();
      }
    });
  }
  threads.clear();
  return looks;
}

std::string shown(const ssh::HostKey& key) {
  return ssh::key_type(key.key) + " " + ssh::fingerprint(key.key);
}

// What the host's certificate is worth; "" for a plain key.
std::string about_certificate(const ssh::HostKey& key) {
  if (key.certificate.empty()) return {};
  const std::string worth = key.certificate_problem.empty() ? "known_hosts trusts its authority"
                                                            : "not trusted: " + key.certificate_problem;
  return key.certificate + ", " + worth;
}

std::string_view word(HostKeyVerdict verdict) {
  switch (verdict) {
    case HostKeyVerdict::match:
      return "known";
    case HostKeyVerdict::changed:
      return "changed";
    case HostKeyVerdict::revoked:
      return "revoked";
    case HostKeyVerdict::only_in_certificate:
      return "not allowed";
    default:
      return "new";
  }
}

// Why a key cannot simply be added.
std::string_view obstacle(HostKeyVerdict verdict) {
  switch (verdict) {
    case HostKeyVerdict::changed:
      return "is not the one in known_hosts";
    case HostKeyVerdict::only_in_certificate:
      return "is in known_hosts, but HostKeyAlgorithms allows it only in a certificate that is trusted";
    default:
      return "or its authority is revoked in known_hosts";
  }
}

// The picture of the key, as OpenSSH draws it; "" without its program.
std::string picture(const ssh::HostKey& key) {
  try {
    const auto drawn =
        run({.argv = {"ssh-keygen", "-lv", "-f", "-"}, .input = key.line() + "\n"}, Deadline::in(patience));
    const auto start = drawn.out.find('\n');
    return drawn.ok() && start != std::string::npos ? drawn.out.substr(start + 1) : "";
  } catch (const Error&) {
    return "";
  }
}

nlohmann::ordered_json json_of(const HostKeySeen& seen) {
  return {{"host", seen.where},
          {"name", seen.key.name},
          {"type", ssh::key_type(seen.key.key)},
          {"fingerprint", ssh::fingerprint(seen.key.key)},
          {"state", word(seen.key.verdict)},
          {"certificate", about_certificate(seen.key)},
          {"file", seen.key.file.string()}};
}

ExitCode trust(const TrustOptions& options, const Context& context) {
  const auto inventory = context.load_inventory();
  std::vector<inventory::Node> nodes;
  for (const auto& name : options.nodes) nodes.push_back(inventory.node(name));
  if (nodes.empty()) nodes = inventory.nodes;

  std::vector<HostKeySeen> found;
  std::vector<std::string> troubles;
  for (auto& look : look_at(nodes)) {
    if (look.error) troubles.push_back(look.error->line());
    if (!look.seen) continue;
    // A jump host on the way to several nodes.
    if (std::any_of(found.begin(), found.end(),
                    [&](const auto& one) { return one.key.name == look.seen->key.name; }))
      continue;
    found.push_back(std::move(*look.seen));
  }

  auto list = nlohmann::ordered_json::array();
  std::vector<HostKeySeen> fresh;
  for (const auto& one : found) {
    list.push_back(json_of(one));
    if (!context.json) {
      fmt::print("{:<12} {:<8} {}\n", one.where, word(one.key.verdict), shown(one.key));
      if (const auto more = about_certificate(one.key); !more.empty()) fmt::print("{:<21} {}\n", "", more);
    }
    if (word(one.key.verdict) == "new") {
      if (!context.json) fmt::print("{}", picture(one.key));
      fresh.push_back(one);
    } else if (one.key.verdict != HostKeyVerdict::match) {
      troubles.push_back(fmt::format("{}: the host key {} {}: labctl doctor says where, and what to do",
                                     one.where, shown(one.key), obstacle(one.key.verdict)));
    }
  }
  if (context.json) fmt::print("{}\n", list.dump(2));
  std::fflush(stdout);

  if (!fresh.empty()) {
    std::string question =
        "Compare them with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` (or another type) on each "
        "host.";
    for (const auto& one : fresh) {
      if (one.key.file.empty()) {
        throw Error(Kind::conflict, "the ssh configuration names no known_hosts file", one.where,
                    "known_hosts: in the inventory names one");
      }
      question += fmt::format("\nadd {} to {}", one.key.name, one.key.file.string());
    }
    if (!options.yes && !confirmed(question))
      throw Error(Kind::usage, "the answer was not yes; nothing was added");
    for (const auto& one : fresh) {
      ssh::add_to_known_hosts(one.key);
      say(context, fmt::format("added    {} to {}", one.key.name, one.key.file.string()));
    }
  }
  for (const auto& line : troubles) fmt::print(stderr, "labctl: {}\n", line);
  return troubles.empty() ? ExitCode::ok : ExitCode::unable;
}

}  // namespace

void add_trust_command(CLI::App& tunnels, Context& context) {
  auto options = std::make_shared<TrustOptions>();
  auto* command =
      tunnels.add_subcommand("trust", "shows host keys, and adds unknown ones to known_hosts after a yes");
  command->add_option("node", options->nodes, "only these nodes")->type_name("NODE");
  command->add_flag("-y,--yes", options->yes,
                    "adds without asking: only if nobody else can answer for the nodes");
  on_chosen(*command, context, [options](const Context& ctx) { return trust(*options, ctx); });
}

}  // namespace labctl::cli
