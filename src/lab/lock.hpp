#pragma once

#include "base/deadline.hpp"
#include "base/unique_fd.hpp"

#include <filesystem>
#include <string>

namespace labctl::lab {

// Only one labctl at a time changes a lab. It is a kernel lock (flock), so it cannot outlive its holders.
// Programs that labctl runs meanwhile (ip, mount, ...) inherit it on purpose: if a labctl is killed, the next
// one gets the lock only after the last of them has ended, so nothing is created unnoticed. Such orphans are
// killed, not waited for.
class Lock {
public:
  // Creates the file and its folder. Error{conflict} names the labctl that still holds it at the deadline.
  Lock(const std::filesystem::path& file, Deadline deadline);
  // Removes the file, while the lock is still held.
  void remove();
  int fd() const { return fd_.get(); }

private:
  std::filesystem::path file_;
  UniqueFd fd_;
};

// Whether a running labctl holds the lock.
bool held(const std::filesystem::path& file);

// A Lock on an existing folder, for actions that all labs share: choosing addresses, filling the cache.
UniqueFd lock_folder(const std::filesystem::path& folder, Deadline deadline);

}  // namespace labctl::lab
