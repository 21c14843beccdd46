#include "tunnels/typed_passphrases.hpp"

#include "tunnels/daemon_paths.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>

namespace labctl::tunnels {
namespace {

// Of this process, so that two commands do not share an agent.
std::filesystem::path socket_of_agent(const Plan& plan) {
  const DaemonPaths paths = DaemonPaths::of(plan.inventory);
  paths.make();
  return paths.folder / ("passphrases-" + std::to_string(::getpid()) + ".sock");
}

bool in_batch_mode(const Plan& plan, const std::string& node) {
  return std::any_of(plan.nodes.begin(), plan.nodes.end(), [&](const ssh::Target& target) {
    const auto& jumps = target.jumps;
    return (target.name == node && target.batch_mode) ||
           std::any_of(jumps.begin(), jumps.end(),
                       [&](const ssh::Target& jump) { return jump.name == node && jump.batch_mode; });
  });
}

}  // namespace

bool TypedPassphrases::ask_for(const std::filesystem::path& key_file, const Plan& plan) {
  if (!asked_.insert(key_file).second) return false;
  if (!agent_) agent_ = std::make_unique<PassphraseAgent>(socket_of_agent(plan));
  return agent_->add(key_file);
}

bool TypedPassphrases::ask(const std::vector<Problem>& problems, Plan& plan) {
  bool added = false;
  try {
    for (const Problem& problem : problems) {
      if (problem.key_file.empty() || in_batch_mode(plan, problem.where) || !can_ask_for_passphrases())
        continue;
      added |= ask_for(problem.key_file, plan);
    }
  } catch (const Error& error) {
    if (error.kind() == Kind::interrupted) throw;
    spdlog::warn("cannot ask for a passphrase: {}", error.line());
  }
  if (!added) return false;
  for (ssh::Target& target : plan.nodes) {
    target.passphrase_agent = agent_->socket();
    for (ssh::Target& jump : target.jumps) jump.passphrase_agent = agent_->socket();
  }
  return true;
}

}  // namespace labctl::tunnels
