#pragma once

#include <spawn.h>

namespace labctl {

// A program that we start gets default signal settings, as from a shell, not ours: an ignored SIGPIPE and
// blocked signals would be inherited, and `yes | head` would report an error instead of ending.

// For posix_spawn(). `flags` are added to the class's own (POSIX_SPAWN_SETPGROUP: a new process group).
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
