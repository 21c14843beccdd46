#pragma once

#include "runner/result.hpp"
#include "runner/scenario.hpp"

#include <optional>
#include <string>
#include <vector>

namespace labctl::runner {

struct Shard {
  int index = 1;  // from 1
  int count = 1;
};
// "2/3". Error{usage} otherwise.
Shard parse_shard(const std::string& text);

// Which scenarios run, and in which order. Names and tags are combined (union); without both, all run.
struct Selection {
  std::vector<std::string> names;
  std::vector<std::string> tags;
  std::optional<Shard> shard;
  unsigned seed = 0;
  int repeat = 1;
};

// One run of a scenario.
struct Planned {
  const Scenario* scenario;
  int attempt = 1;
  std::vector<std::size_t> should_order{};  // in which its shoulds run, each index once; empty: as written
};

// The plan: selected, reduced to the shard, repeated. The seed determines the order of each round and of the
// shoulds in each run. Error{usage} for an unknown name or tag names the nearest one. The same selection
// gives the same plan on every machine; the order of a scenario's shoulds does not depend on the other
// selected scenarios.
std::vector<Planned> select(const std::vector<Scenario>& table, const Selection& selection);

// What the inventory allows scenarios to do.
struct Allowed {
  bool move_branches = false;  // of the service repository
  bool disrupt = false;        // what all apps share
};

// Removes scenarios that are not allowed from the plan. Returns each once, with the key that would allow it.
// Error{usage} with the same information if one of `asked_for` is among them.
std::vector<LeftOut> leave_out(std::vector<Planned>& plan, const Allowed& allowed,
                               const std::vector<std::string>& asked_for);

}  // namespace labctl::runner
