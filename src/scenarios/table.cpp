#include "scenarios/table.hpp"

#include "scenarios/new_service.hpp"

#include <fmt/format.h>

namespace labctl::scenarios {

std::vector<runner::Scenario> table(std::vector<std::string> nodes) {
  constexpr std::size_t least = 4;
  while (nodes.size() < least) nodes.push_back(fmt::format("core{}", nodes.size() + 1));
  return {
      new_service(nodes[0], nodes[1]),
  };
}

}  // namespace labctl::scenarios
