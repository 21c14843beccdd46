#pragma once

#include <filesystem>
#include <string>

namespace labctl::tunnels {

// The files of one inventory's tunnel daemon, in a folder of its own with mode 0700.
struct Places {
  std::filesystem::path folder;
  std::filesystem::path socket;  // control socket, 0600
  std::filesystem::path lock;    // held (flock) by the daemon as long as it lives
  std::filesystem::path start;   // held by whoever starts a daemon
  std::filesystem::path log;

  // Below runtime_dir().
  static Places of(const std::string& inventory_name);
  // Makes the folders, or checks that they are ours alone.
  void make() const;
  // False if there are none; Error{conflict} if somebody else could have made them or could change them.
  bool require_ours() const;
};

}  // namespace labctl::tunnels
