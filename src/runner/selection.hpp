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

// Which scenarios run, and in what order. Names and tags add up; none of both means all.
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

// The plan: chosen, cut by shard, repeated, each round in an order of its own and the shoulds of each run
// too, all from the seed. Error{usage} for a name or tag that does not exist, naming the nearest one. The
// same selection gives the same plan on every machine; the order of a scenario's shoulds does not depend on
// what else is chosen.
std::vector<Planned> select(const std::vector<Scenario>& table, const Selection& selection);

// What the inventory lets scenarios do.
struct Allowed {
  bool move_branches = false;  // of the service repository
  bool disrupt = false;        // what all apps share
};

// Takes scenarios that do more than that out of the plan. Each is named once, with the key that allows it.
// Error{usage} saying the same if one of `asked_for` is among them.
std::vector<LeftOut> leave_out(std::vector<Planned>& plan, const Allowed& allowed,
                               const std::vector<std::string>& asked_for);

}  // namespace labctl::runner
