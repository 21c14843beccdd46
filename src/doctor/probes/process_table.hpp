#pragma once

#include "base/deadline.hpp"
#include "docker/engine.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::doctor {

// What `docker top` gives: a row of words for each process of a container.
struct ProcessTable {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> processes;
};

// The processes of a running container, with their "pid" and `column`, as ps names it ("etimes", "args").
ProcessTable processes_of(docker::Engine& engine, const std::string& container, const std::string& column,
                          Deadline deadline);

// The place of a title; nullopt if the table has no such column.
std::optional<std::size_t> column_of(const std::vector<std::string>& titles, std::string_view title);

}  // namespace labctl::doctor
