#include "doctor/probes/volume_disk.hpp"

#include "base/error.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace labctl::doctor {
namespace {

using nlohmann::json;

std::optional<DiskSeen> look_from(docker::Client& docker, const std::string& container, const json& mount,
                                  Deadline deadline) {
  try {
    const auto result = docker.exec(
        container, {"stat", "-f", "-c", "%S %b %a %c %d", mount.value("Destination", "")}, deadline);
    return read_statfs(result.out, "the volume " + mount.value("Name", ""));
  } catch (const Error& error) {
    if (error.kind() == Kind::interrupted) throw;
    return std::nullopt;  // paused, or just removed
  }
}

}  // namespace

std::optional<DiskSeen> read_statfs(std::string_view printed, const std::string& path) {
  DiskSeen disk;
  double block = 0;
  std::istringstream words{std::string(printed)};
  words >> block >> disk.size >> disk.free >> disk.inodes >> disk.inodes_free;
  if (!words || block <= 0 || disk.size <= 0 || disk.free < 0) return std::nullopt;
  disk.path = path;
  disk.size *= block;
  disk.free *= block;
  return disk;
}

std::optional<DiskSeen> look_at_volumes(docker::Engine& engine, docker::Client& docker,
                                        const std::string& driver, Deadline deadline) {
  for (const auto& container : engine.get("/containers/json", deadline)) {
    for (const auto& mount : container.value("Mounts", json::array())) {
      if (mount.value("Driver", "") != driver) continue;
      if (auto seen = look_from(docker, container.value("Id", ""), mount, deadline)) return seen;
      break;  // its image has no stat program: the next container
    }
  }
  return std::nullopt;
}

}  // namespace labctl::doctor
