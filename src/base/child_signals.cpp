#include "base/child_signals.hpp"

#include <array>
#include <csignal>

namespace labctl {
namespace {

// What labctl or its libraries may have changed.
constexpr std::array changed{SIGINT, SIGTERM, SIGPIPE, SIGCHLD};

}  // namespace

SpawnAttributes::SpawnAttributes(short flags) {
  ::posix_spawnattr_init(&raw_);
  sigset_t none, defaults;
  ::sigemptyset(&none);
  ::sigemptyset(&defaults);
  for (int signal : changed) ::sigaddset(&defaults, signal);
  ::posix_spawnattr_setsigmask(&raw_, &none);
  ::posix_spawnattr_setsigdefault(&raw_, &defaults);
  ::posix_spawnattr_setflags(&raw_,
                             static_cast<short>(flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
}

SpawnAttributes::~SpawnAttributes() { ::posix_spawnattr_destroy(&raw_); }

void restore_signals() {
  for (int signal : changed) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace labctl
