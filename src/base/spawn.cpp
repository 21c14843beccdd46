#include "base/spawn.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace labctl {
namespace {

// Signals whose handling labctl or its libraries may have changed.
constexpr std::array changed{SIGINT, SIGTERM, SIGPIPE, SIGCHLD};

}  // namespace

Spawn::Spawn(short flags) {
  ::posix_spawn_file_actions_init(&actions_);
  ::posix_spawnattr_init(&attributes_);
  sigset_t none, defaults;
  ::sigemptyset(&none);
  ::sigemptyset(&defaults);
  for (int signal : changed) ::sigaddset(&defaults, signal);
  ::posix_spawnattr_setsigmask(&attributes_, &none);
  ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
  ::posix_spawnattr_setflags(&attributes_,
                             static_cast<short>(flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
}

Spawn::~Spawn() {
  ::posix_spawn_file_actions_destroy(&actions_);
  ::posix_spawnattr_destroy(&attributes_);
}

void Spawn::give(int ours, int theirs) { ::posix_spawn_file_actions_adddup2(&actions_, ours, theirs); }

void Spawn::append_to(const std::string& file, int theirs) {
  ::posix_spawn_file_actions_addopen(&actions_, theirs, file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
}

void Spawn::set_directory(const std::string& directory) {
  ::posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
}

void Spawn::close_others() { ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1); }

void Spawn::reset_all_signals() {
  sigset_t all;
  ::sigfillset(&all);
  ::posix_spawnattr_setsigdefault(&attributes_, &all);
}

pid_t Spawn::start(const std::vector<std::string>& argv) const { return start(argv, environ); }

pid_t Spawn::start(const std::vector<std::string>& argv, const std::vector<std::string>& environment) const {
  return start(argv, c_strings(environment).data());
}

pid_t Spawn::start(const std::vector<std::string>& argv, char* const* environment) const {
  pid_t pid = -1;
  const int code =
      ::posix_spawnp(&pid, argv.at(0).c_str(), &actions_, &attributes_, c_strings(argv).data(), environment);
  if (code == ENOENT) throw Error(Kind::not_found, "no such program", argv.at(0));
  if (code != 0) throw Error(Kind::system, std::strerror(code), argv.at(0));
  return pid;
}

int wait_for_exit(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw system_error("cannot wait for a child process");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int wait_interruptibly(pid_t child, std::optional<Deadline> deadline) {
  const UniqueFd ended(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  std::array<pollfd, 2> waits{{{ended.get(), POLLIN, 0}, {interrupt_fd(), POLLIN, 0}}};
  int ready = -1;
  do {
    ready = ::poll(waits.data(), waits.size(), deadline ? static_cast<int>(deadline->left().count()) : -1);
  } while (ready < 0 && errno == EINTR);
  if (waits[0].revents == 0) ::kill(child, SIGTERM);
  const int status = wait_for_exit(child);
  throw_if_interrupted();
  if (ready == 0) throw Error(Kind::timeout, "did not end in time");
  return status;
}

void restore_signals() {
  for (int signal : changed) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

std::vector<char*> c_strings(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (const auto& string : strings) result.push_back(const_cast<char*>(string.c_str()));
  result.push_back(nullptr);
  return result;
}

}  // namespace labctl
