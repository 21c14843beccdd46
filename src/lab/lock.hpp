#pragma once

#include "base/deadline.hpp"
#include "base/unique_fd.hpp"

#include <filesystem>
#include <string>

namespace labctl::lab {

// One labctl at a time works on a lab. The lock is the kernel's (flock), so it cannot outlive its holders.
// Programs that labctl runs meanwhile (ip, mount, ...) inherit it on purpose: when a labctl is killed, the
// next one gets the lock only after the last of them is gone, so nothing is made behind its back. Such
// orphans are killed, not waited for.
class Lock {
public:
  // Makes the file and its folder. Error{conflict} naming the labctl that holds it if it is still at work at
  // the deadline.
  Lock(const std::filesystem::path& file, Deadline deadline);
  // Removes the file, while the lock is still held.
  void remove();
  int fd() const { return fd_.get(); }

private:
  std::filesystem::path file_;
  UniqueFd fd_;
};

// Whether a labctl that is still there holds the lock.
bool held(const std::filesystem::path& file);

// A Lock on a folder that exists, for what all labs share: choosing addresses, filling the cache.
UniqueFd lock_folder(const std::filesystem::path& folder, Deadline deadline);

}  // namespace labctl::lab
