#include "scenarios/table.hpp"

#include "scenarios/families/families.hpp"

#include <fmt/format.h>

#include <iterator>

namespace labctl::scenarios {

std::vector<runner::Scenario> table(std::vector<std::string> nodes) {
  constexpr std::size_t least = 4;
  while (nodes.size() < least) nodes.push_back(fmt::format("core{}", nodes.size() + 1));
  using Family = Scenarios (*)(const Nodes&);
  constexpr Family families[] = {
      new_service,    switches, master_only, slave_changes, volume_changes, migrations,
      update_scripts, builds,   maintenance, events,        refusals,
  };
  Scenarios all;
  for (const auto family : families) {
    auto some = family(nodes);
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  return all;
}

}  // namespace labctl::scenarios
