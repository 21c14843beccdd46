#pragma once

#include <spawn.h>

namespace labctl {

// A program that we start finds its signals as a shell would give them, not as we have set them for
// ourselves: an ignored SIGPIPE and a blocked signal would be inherited, and `yes | head` would complain
// instead of ending.

// For posix_spawn(). `flags` are added to its own (POSIX_SPAWN_SETPGROUP: a group of its own).
class SpawnAttributes {
public:
  explicit SpawnAttributes(short flags = 0);
  ~SpawnAttributes();
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;

  const posix_spawnattr_t* get() const { return &raw_; }

private:
  posix_spawnattr_t raw_{};
};

// The same in this process: before an exec, or in a child after fork(). Async-signal-safe.
void restore_signals();

}  // namespace labctl
