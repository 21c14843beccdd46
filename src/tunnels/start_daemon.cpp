#include "tunnels/start_daemon.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/spawn.hpp"
#include "base/unique_fd.hpp"
#include "tunnels/wire_line.hpp"

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace labctl::tunnels {
namespace {

void spawn(const std::string& program, int stdin_fd, const DaemonPaths& paths) {
  Spawn daemon(POSIX_SPAWN_SETSID);
  daemon.reset_all_signals();
  daemon.give(stdin_fd, STDIN_FILENO);
  // What a library or the C++ runtime prints in a crash also goes to the log.
  daemon.append_to(paths.log, STDOUT_FILENO);
  daemon.give(STDOUT_FILENO, STDERR_FILENO);
  daemon.close_others();
  std::vector<std::string> words{program};
  words.insert(words.end(), std::begin(daemon_arguments), std::end(daemon_arguments));
  pid_t pid = 0;
  try {
    pid = daemon.start(words);
  } catch (const Error& error) {
    throw Error(Kind::system, std::string("cannot start the tunnel daemon: ") + error.what(), program);
  }
  wait_for_exit(pid);  // it forks the daemon and ends at once
}

// The daemon's end of the socket closes when its process ends.
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
  // The socket's buffer is much larger than the plan, so it can be written before the daemon reads.
  if (!send_line(ours.get(), nlohmann::json(plan).dump())) throw system_error("cannot write the plan");
  spawn((program.empty() ? self_path() : program).string(), theirs.get(), paths);
  theirs.reset();
  try {
    Reply reply = read_reply(receive_line(ours.get(), deadline));
    if (!reply.ok) wait_for_end(ours.get(), deadline);
    return reply;
  } catch (const Error& error) {
    // EOF tells the daemon that no client waits any more; it undoes everything and ends.
    ::shutdown(ours.get(), SHUT_WR);
    wait_for_end(ours.get(), Deadline::in(std::chrono::seconds(3)));
    if (error.kind() == Kind::unreachable) {
      throw Error(error.kind(), error.what(), "tunnel daemon", "see " + paths.log.string());
    }
    throw;
  }
}

}  // namespace labctl::tunnels
