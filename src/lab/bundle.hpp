#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace labctl::lab {

// Parses the output of `ldd`: the paths of a program's libraries and dynamic loader. Error{invalid} if a
// library is "not found".
struct Libraries {
  std::vector<std::filesystem::path> files;
  std::filesystem::path loader;
};
Libraries parse_ldd(const std::string& output);

// Creates the folder that the nodes see as /opt/labctl (tools/lab/stack/README.md): bin/labctl-agent and its
// libraries, so that it does not depend on the container's libc; bin/handler, ours or the given file; stack/.
void make_bundle(const std::filesystem::path& folder, const std::optional<std::filesystem::path>& handler);

}  // namespace labctl::lab
