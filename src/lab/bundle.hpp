#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace labctl::lab {

// What `ldd` prints of a program, read: the paths of its libraries and of its dynamic loader. Error{invalid}
// if a library is "not found".
struct Libraries {
  std::vector<std::filesystem::path> files;
  std::filesystem::path loader;
};
Libraries parse_ldd(const std::string& output);

// Makes the folder that the nodes see as /opt/labctl (tools/lab/stack/README.md): bin/labctl-agent and its
// libraries, so that it runs whatever the container's own libc is; bin/handler, ours or the given file;
// stack/.
void make_bundle(const std::filesystem::path& folder, const std::optional<std::filesystem::path>& handler);

}  // namespace labctl::lab
