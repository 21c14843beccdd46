#pragma once

#include <filesystem>
#include <string>

namespace labctl::tunnels {

// The files of one inventory's tunnel daemon, in their own folder with mode 0700.
struct DaemonPaths {
  std::filesystem::path folder;
  std::filesystem::path socket;  // control socket, 0600
  std::filesystem::path lock;    // held (flock) by the daemon during its lifetime
  std::filesystem::path start;   // held by the process that starts a daemon
  std::filesystem::path log;

  // Below runtime_dir().
  static DaemonPaths of(const std::string& inventory_name);
  // Creates the folders, or checks that only we have access.
  void make() const;
  // False if there are none; Error{conflict} if another user could have created or could change them.
  bool require_ours() const;
};

}  // namespace labctl::tunnels
