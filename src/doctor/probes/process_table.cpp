#include "doctor/probes/process_table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace labctl::doctor {

ProcessTable processes_of(docker::Engine& engine, const std::string& container, const std::string& column,
                          Deadline deadline) {
  const auto top = engine.get("/containers/" + container + "/top?ps_args=-eo%20pid," + column, deadline);
  return {top.value("Titles", std::vector<std::string>{}),
          top.value("Processes", std::vector<std::vector<std::string>>{})};
}

std::optional<std::size_t> column_of(const std::vector<std::string>& titles, std::string_view title) {
  const auto found = std::find(titles.begin(), titles.end(), title);
  if (found == titles.end()) return std::nullopt;
  return static_cast<std::size_t>(found - titles.begin());
}

}  // namespace labctl::doctor
