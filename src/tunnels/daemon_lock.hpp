#pragma once

#include "base/unique_fd.hpp"
#include "tunnels/places.hpp"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace labctl::tunnels {

// Held by the daemon of an inventory as long as it lives; there is one daemon in a folder.
class DaemonLock {
public:
  // Error{conflict} if another daemon holds it.
  explicit DaemonLock(const Places& places);

  // False if somebody removed or replaced the file.
  bool in_place() const;

private:
  std::filesystem::path path_;
  UniqueFd file_;
};

// A daemon of ours whose lock is in another folder: it was started with another runtime folder.
struct DaemonElsewhere {
  pid_t pid = 0;
  std::filesystem::path folder;  // the runtime folder, above the inventory's
};

// Found by the lock that it holds, among all processes of this user. Nothing if there is none, or only one
// whose folder is gone.
std::optional<DaemonElsewhere> find_daemon_elsewhere(const std::string& inventory);

// One line for a person who may look for it (from cron or su, XDG_RUNTIME_DIR is another one); "" if there is
// none, or if LABCTL_RUNTIME_DIR says that another folder is meant. It is told and never used: it may be
// somebody's purpose.
std::string daemon_elsewhere_note(const std::string& inventory);

}  // namespace labctl::tunnels
