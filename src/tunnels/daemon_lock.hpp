#pragma once

#include "base/unique_fd.hpp"
#include "tunnels/daemon_paths.hpp"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace labctl::tunnels {

// Held by the daemon of an inventory during its lifetime; there is only one daemon per folder.
class DaemonLock {
public:
  // Error{conflict} if another daemon holds it.
  explicit DaemonLock(const DaemonPaths& paths);

  // False if the file was removed or replaced.
  bool in_place() const;

private:
  std::filesystem::path path_;
  UniqueFd file_;
};

// A daemon of this user that was started with another runtime folder, which has its lock.
struct DaemonElsewhere {
  pid_t pid = 0;
  std::filesystem::path folder;  // the runtime folder, above the inventory's
};

// Searches all processes of this user for the lock. nullopt if there is none, or only one whose folder was
// deleted.
std::optional<DaemonElsewhere> find_daemon_elsewhere(const std::string& inventory);

// One line for a user who may look for that daemon (under cron or su, XDG_RUNTIME_DIR differs); "" if there
// is none, or if LABCTL_RUNTIME_DIR sets the folder explicitly. Such a daemon is only reported, never used:
// it may be intended.
std::string daemon_elsewhere_note(const std::string& inventory);

}  // namespace labctl::tunnels
