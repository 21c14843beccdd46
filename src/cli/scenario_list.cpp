#include "cli/scenario_list.hpp"

#include "base/table.hpp"
#include "runner/run_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace labctl::cli {

std::string scenario_list(const std::vector<runner::Scenario>& table) {
  constexpr std::size_t name_width = 28, move_width = 25;
  std::string text;
  for (const auto& one : table) {
    auto name = one.name;
    if (columns(name) > name_width) {
      text += name + "\n";
      name.clear();
    }
    text += runner::wrapped(
        fmt::format("{:<{}} {:<{}} {:>2} ", name, name_width, one.summary, move_width, one.shoulds.size()),
        one.tags);
  }
  return text;
}

std::string scenario_list_json(const std::vector<runner::Scenario>& table) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& one : table) {
    auto shoulds = nlohmann::ordered_json::array();
    for (const auto& should : one.shoulds) shoulds.push_back(should.text);
    list.push_back({{"name", one.name},
                    {"summary", one.summary},
                    {"tags", one.tags},
                    {"disruptive", one.disruptive},
                    {"moves_branch", one.moves_branch},
                    {"shoulds", shoulds}});
  }
  return list.dump() + "\n";
}

}  // namespace labctl::cli
