#include "scenarios/moves.hpp"

#include <algorithm>

namespace labctl::scenarios {
namespace {

bool in(const Placement& at, const std::string& node) { return node == at.master || node == at.slave; }

}  // namespace

std::string placed_words(const Placement& at) {
  return at.slave ? fmt::format("with master {} and slave {}", at.master, *at.slave)
                  : "alone on " + at.master;
}

std::vector<std::string> left_nodes(const Move& move) {
  std::vector<std::string> left;
  for (const auto& node : {std::optional(move.from.master), move.from.slave}) {
    if (node && !in(move.to, *node)) left.push_back(*node);
  }
  return left;
}

std::vector<std::string> other_nodes(const Move& move, const std::vector<std::string>& nodes) {
  std::vector<std::string> others;
  std::copy_if(nodes.begin(), nodes.end(), std::back_inserter(others),
               [&](const auto& node) { return !in(move.from, node) && !in(move.to, node); });
  return others;
}

}  // namespace labctl::scenarios
