#include "ssh/target.hpp"

#include <algorithm>

namespace labctl::ssh {

bool follow_agents(Target& target, const Target& newest) {
  bool changed = !newest.agent_socket.empty() && newest.agent_socket != target.agent_socket;
  if (changed) target.agent_socket = newest.agent_socket;
  for (std::size_t i = 0; i < std::min(target.jumps.size(), newest.jumps.size()); ++i)
    changed |= follow_agents(target.jumps[i], newest.jumps[i]);
  return changed;
}

bool same_but_for_agents(const Target& one, const Target& other) {
  const auto without = [](Target target) {
    target.agent_socket.clear();
    for (Target& jump : target.jumps) jump.agent_socket.clear();
    return target;
  };
  return without(one) == without(other);
}

}  // namespace labctl::ssh
