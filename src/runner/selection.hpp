#pragma once

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

struct Planned {
  const Scenario* scenario;
  int attempt = 1;
};

// The plan: chosen, cut by shard, put in the order of the seed, repeated. Error{usage} for a name or tag that does not
// exist, naming the nearest one. The same selection gives the same plan on every machine.
std::vector<Planned> select(const std::vector<Scenario>& table, const Selection& selection);

}  // namespace labctl::runner
