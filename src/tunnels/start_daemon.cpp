#include "tunnels/start_daemon.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/unique_fd.hpp"
#include "tunnels/wire_line.hpp"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace labctl::tunnels {
namespace {

// posix_spawn's two companions, freed in the end.
struct Spawn {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};

  Spawn() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  ~Spawn() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;
};

void spawn(const std::string& program, int stdin_fd, const DaemonPaths& paths) {
  Spawn how;
  ::posix_spawn_file_actions_adddup2(&how.actions, stdin_fd, STDIN_FILENO);
  // What a library or the run-time says in a crash stands in the log as well.
  ::posix_spawn_file_actions_addopen(&how.actions, STDOUT_FILENO, paths.log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::posix_spawn_file_actions_adddup2(&how.actions, STDOUT_FILENO, STDERR_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&how.actions, STDERR_FILENO + 1);
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&how.attributes, &none);
  ::posix_spawnattr_setsigdefault(&how.attributes, &all);
  ::posix_spawnattr_setflags(&how.attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  std::vector<std::string> words{program};
  words.insert(words.end(), std::begin(daemon_arguments), std::end(daemon_arguments));
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int failed =
      ::posix_spawn(&pid, program.c_str(), &how.actions, &how.attributes, argv.data(), environ);
  if (failed != 0) {
    throw Error(Kind::system, std::string("cannot start the tunnel daemon: ") + std::strerror(failed),
                program);
  }
  // It forks the daemon and ends at once.
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// The daemon closes its end when its process is gone.
void wait_for_end(int socket, Deadline deadline) {
  char byte = 0;
  pollfd wait{socket, POLLIN, 0};
  while (::poll(&wait, 1, static_cast<int>(deadline.left().count())) > 0 && ::recv(socket, &byte, 1, 0) > 0) {
  }
}

}  // namespace

Reply start_daemon(const std::filesystem::path& program, const Plan& plan, const DaemonPaths& paths,
                   Deadline deadline) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw system_error("cannot make a socket");
  UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  // The plan fits into the socket's buffer many times over, so it can be written before anybody reads.
  if (!send_line(ours.get(), nlohmann::json(plan).dump())) throw system_error("cannot write the plan");
  spawn((program.empty() ? self_path() : program).string(), theirs.get(), paths);
  theirs.reset();
  try {
    Reply reply = read_reply(receive_line(ours.get(), deadline));
    if (!reply.ok) wait_for_end(ours.get(), deadline);
    return reply;
  } catch (const Error& error) {
    // Tells the daemon that nobody waits any more; it undoes everything and ends.
    ::shutdown(ours.get(), SHUT_WR);
    wait_for_end(ours.get(), Deadline::in(std::chrono::seconds(3)));
    if (error.kind() == Kind::unreachable) {
      throw Error(error.kind(), error.what(), "tunnel daemon", "see " + paths.log.string());
    }
    throw;
  }
}

}  // namespace labctl::tunnels
