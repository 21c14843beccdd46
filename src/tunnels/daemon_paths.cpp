#include "tunnels/daemon_paths.hpp"

#include "base/paths.hpp"

namespace labctl::tunnels {

DaemonPaths DaemonPaths::of(const std::string& inventory_name) {
  const auto folder = runtime_dir() / inventory_name;
  return {folder, folder / "daemon.sock", folder / "daemon.lock", folder / "start.lock",
          folder / "daemon.log"};
}

void DaemonPaths::make() const {
  make_private_dir(folder.parent_path());
  make_private_dir(folder);
}

bool DaemonPaths::require_ours() const {
  for (const auto& one : {folder.parent_path(), folder}) {
    // A dangling symlink counts as existing, and require_private_dir() refuses it.
    if (!std::filesystem::exists(std::filesystem::symlink_status(one))) return false;
    require_private_dir(one);
  }
  return true;
}

}  // namespace labctl::tunnels
