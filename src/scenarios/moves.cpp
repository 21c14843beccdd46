#include "scenarios/moves.hpp"

#include <algorithm>

namespace labctl::scenarios {
std::string placed_words(const Placement& at) {
  return at.slave ? fmt::format("with master {} and slave {}", at.master, *at.slave)
                  : "alone on " + at.master;
}

std::vector<std::string> left_nodes(const Move& move) {
  std::vector<std::string> left;
  for (const auto& node : move.from.nodes()) {
    if (!move.to.has(node)) left.push_back(node);
  }
  return left;
}

std::vector<std::string> other_nodes(const Move& move, const std::vector<std::string>& nodes) {
  std::vector<std::string> others;
  std::copy_if(nodes.begin(), nodes.end(), std::back_inserter(others),
               [&](const auto& node) { return !move.from.has(node) && !move.to.has(node); });
  return others;
}

}  // namespace labctl::scenarios
