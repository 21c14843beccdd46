#include "doctor/probes/keys.hpp"

#include "base/process.hpp"
#include "base/text.hpp"
#include "ssh/agent.hpp"
#include "ssh/identity.hpp"
#include "ssh/known_hosts.hpp"
#include "tunnels/plan.hpp"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <algorithm>

namespace labctl::doctor {
namespace {

// An agent lists its keys at once.
constexpr std::chrono::seconds agent_time{3};
constexpr std::chrono::seconds server_time{5};

struct AgentLook {
  AgentSeen seen;
  std::vector<std::string> types;
};

asio::awaitable<void> ask_agent(const std::filesystem::path& socket, Deadline deadline, AgentLook& look) {
  auto agent = co_await ssh::Agent::connect(socket);
  look.seen.state = AgentSeen::State::absent;
  if (!agent) co_return;
  const auto keys = co_await agent->keys(deadline);
  look.seen.state = agent->silent() ? AgentSeen::State::silent : AgentSeen::State::answers;
  look.seen.keys = keys.size();
  for (const auto& key : keys) look.types.push_back(ssh::key_type(key.blob));
}

AgentLook look_at_agent(const std::filesystem::path& socket, Deadline deadline) {
  AgentLook look;
  if (socket.empty()) return look;
  look.seen.socket = socket.string();
  asio::io_context io(1);
  bool done = false;
  asio::co_spawn(io, ask_agent(socket, deadline.at_most(agent_time), look),
                 [&](std::exception_ptr) { done = true; });
  while (!done && io.run_one() > 0) {
  }
  return look;
}

// The types of the keys that a login to the target can offer.
std::vector<std::string> key_types(const ssh::Target& target, const AgentLook& agent) {
  std::vector<std::string> types;
  for (const auto& path : target.identities) {
    try {
      types.push_back(ssh::key_type(ssh::load_identity(path).public_key));
    } catch (const Error&) {
      // A file that is missing is not offered.
    }
  }
  if (!target.identities_only) types.insert(types.end(), agent.types.begin(), agent.types.end());
  return types;
}

// libssh2 keeps the server's list to itself, so OpenSSH's client is asked, if there is one. It offers no key.
std::vector<std::string> ask_server(const ssh::Target& target, Deadline deadline) {
  if (!target.direct()) return {};
  try {
    const auto result = run({.argv = {"ssh", "-v",
                                      "-F",  "none",
                                      "-o",  "BatchMode=yes",
                                      "-o",  "PreferredAuthentications=none",
                                      "-o",  "StrictHostKeyChecking=no",
                                      "-o",  "UserKnownHostsFile=/dev/null",
                                      "-o",  "GlobalKnownHostsFile=/dev/null",
                                      "-p",  std::to_string(target.port),
                                      "-l",  target.user,
                                      "--",  target.host,
                                      "true"}},
                            deadline.at_most(server_time));
    return signature_algorithms_in(result.err);
  } catch (const Error& error) {
    if (error.kind() == Kind::interrupted) throw;
    return {};
  }
}

}  // namespace

std::vector<std::string> signature_algorithms_in(std::string_view printed) {
  constexpr std::string_view words = "server-sig-algs=<";
  const auto found = printed.find(words);
  if (found == std::string_view::npos) return {};
  const auto list = printed.substr(found + words.size());
  const auto end = list.find('>');
  if (end == std::string_view::npos) return {};
  return split(list.substr(0, end), ',');
}

void look_at_keys(const inventory::Node& node, NodeSeen& seen, Deadline deadline) {
  const auto cause = seen.login->cause();
  if (cause != ssh::Cause::identity_missing && cause != ssh::Cause::key_refused) return;
  const auto target = tunnels::make_target(node);
  const auto agent = look_at_agent(target.agent_socket, deadline);
  seen.agent = agent.seen;
  if (cause != ssh::Cause::key_refused) return;
  const auto types = key_types(target, agent);
  seen.keys.only_rsa = !types.empty() && std::all_of(types.begin(), types.end(),
                                                     [](const auto& type) { return type == "ssh-rsa"; });
  if (seen.keys.only_rsa) seen.keys.signature_algorithms = ask_server(target, deadline);
}

}  // namespace labctl::doctor
