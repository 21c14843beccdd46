#include "scenarios/per_node.hpp"

#include "base/text.hpp"
#include "runner/check.hpp"

#include <fmt/format.h>

namespace labctl::scenarios {

PerNode look(cluster::Cluster& c, const std::function<Things(const std::string&)>& at) {
  PerNode all;
  for (const auto& node : c.nodes()) all[node] = at(node);
  return all;
}

PerNode expect(cluster::Cluster& c, const std::map<std::string, Things>& where) {
  PerNode all;
  for (const auto& node : c.nodes()) all[node] = {};
  for (const auto& [node, things] : where) all[node] = things;
  return all;
}

void check_per_node(const PerNode& seen, const PerNode& expected) {
  if (seen == expected) return;
  std::string expected_text, seen_text, where;
  const auto words = [](const Things& things) {
    return things.empty() ? "nothing" : join(std::vector<std::string>(things.begin(), things.end()), ", ");
  };
  for (const auto& [node, things] : expected) {
    if (seen.at(node) == things) continue;
    const char* glue = where.empty() ? "" : "\n";
    expected_text += fmt::format("{}on {}: {}", glue, node, words(things));
    seen_text += fmt::format("{}on {}: {}", glue, node, words(seen.at(node)));
    where += (where.empty() ? "" : ", ") + node;
  }
  throw runner::CheckFailed(expected_text, seen_text, where);
}

Things as_set(const std::vector<std::string>& list) { return {list.begin(), list.end()}; }

void check_no_doubles(const std::vector<std::string>& list, const std::string& where) {
  runner::check(as_set(list).size() == list.size(), "every entry once", join(list, ", "), where);
}

void check_all_good(const std::map<std::string, std::string>& wrong, const std::string& expected) {
  std::string seen, where;
  for (const auto& [node, text] : wrong) {
    if (text.empty()) continue;
    seen += fmt::format("{}through {}: {}", seen.empty() ? "" : "\n", node, text);
    where += (where.empty() ? "" : ", ") + node;
  }
  runner::check(seen.empty(), expected, seen, where);
}

}  // namespace labctl::scenarios
