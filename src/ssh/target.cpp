#include "ssh/target.hpp"

#include <algorithm>

namespace labctl::ssh {

bool follow_agents(Target& target, const Target& newest) {
  bool changed = !newest.agent_socket.empty() && newest.agent_socket != target.agent_socket;
  if (changed) target.agent_socket = newest.agent_socket;
  changed |= newest.passphrase_agent != target.passphrase_agent;
  target.passphrase_agent = newest.passphrase_agent;
  for (std::size_t i = 0; i < std::min(target.jumps.size(), newest.jumps.size()); ++i)
    changed |= follow_agents(target.jumps[i], newest.jumps[i]);
  return changed;
}

bool same_but_for_agents(const Target& one, const Target& other) {
  const auto without = [](Target target) {
    const auto clear = [](Target& of) {
      of.agent_socket.clear();
      of.passphrase_agent.clear();
    };
    clear(target);
    std::for_each(target.jumps.begin(), target.jumps.end(), clear);
    return target;
  };
  return without(one) == without(other);
}

}  // namespace labctl::ssh
