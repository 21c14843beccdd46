#pragma once

#include "base/deadline.hpp"

#include <spawn.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace labctl {

// How to start a program with posix_spawn(), which keeps our signal handlers, threads and locks out of it.
// The program gets our standard streams and working directory, unless a call below changes them; the calls
// take effect in their order. It gets default signal settings, as from a shell, not ours: an ignored SIGPIPE
// and blocked signals would be inherited, and `yes | head` would report an error instead of ending.
class Spawn {
public:
  // `flags` of posix_spawnattr_setflags(3): POSIX_SPAWN_SETPGROUP for a new process group, POSIX_SPAWN_SETSID
  // for a new session.
  explicit Spawn(short flags = 0);
  ~Spawn();
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;

  // Makes our descriptor `ours` the program's descriptor `theirs`.
  void give(int ours, int theirs);
  // Opens `file` for appending as the program's descriptor `theirs`. A new file gets mode 0600.
  void append_to(const std::string& file, int theirs);
  void set_directory(const std::string& directory);
  // Closes all of the program's descriptors above stderr, also those without close-on-exec.
  void close_others();
  // Also resets signals that were ignored when we were started, for example by nohup.
  void reset_all_signals();

  // Starts the program, with our environment or with `environment`. `argv[0]` is looked up in PATH. The
  // caller must wait for the child. Error{not_found} if the program does not exist, else Error{system}.
  pid_t start(const std::vector<std::string>& argv) const;
  pid_t start(const std::vector<std::string>& argv, const std::vector<std::string>& environment) const;

private:
  pid_t start(const std::vector<std::string>& argv, char* const* environment) const;

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// Waits until the child has ended. Returns its exit code, or 128 + signal number if a signal ended it.
// Error{system} if it is not our child.
int wait_for_exit(pid_t child);

// As wait_for_exit(), but an interrupt or the deadline sends SIGTERM to the child, waits for its end and then
// throws Error{interrupted} or Error{timeout}.
int wait_interruptibly(pid_t child, std::optional<Deadline> deadline = std::nullopt);

// The default signal settings, for this process: before an exec, or in a child after fork().
// Async-signal-safe.
void restore_signals();

// Pointers to the strings, then a null pointer, as execve() expects. Valid as long as `strings`.
std::vector<char*> c_strings(const std::vector<std::string>& strings);

}  // namespace labctl
