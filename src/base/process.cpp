#include "base/process.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/pipe.hpp"
#include "base/spawn.hpp"
#include "base/text.hpp"
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
#include <string_view>
#include <utility>

namespace labctl {
namespace {

std::vector<std::string> merged_environment(const Command& command) {
  auto name_of = [](const std::string& entry) { return entry.substr(0, entry.find('=')); };
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string name = name_of(*entry);
    bool replaced = false;
    for (const auto& added : command.environment) replaced = replaced || name_of(added) == name;
    for (const auto& dropped : command.drop_environment) replaced = replaced || dropped == name;
    if (!replaced) merged.emplace_back(*entry);
  }
  merged.insert(merged.end(), command.environment.begin(), command.environment.end());
  return merged;
}

pid_t spawn(const Command& command, const Pipe& in, const Pipe& out, const Pipe& err) {
  Spawn program(POSIX_SPAWN_SETPGROUP);
  program.give(in.read.get(), STDIN_FILENO);
  program.give(out.write.get(), STDOUT_FILENO);
  program.give(err.write.get(), STDERR_FILENO);
  if (!command.directory.empty()) program.set_directory(command.directory);
  return program.start(command.argv, merged_environment(command));
}

// Reads the available data; closes `fd` at the end of file.
void drain(UniqueFd& fd, std::string& into) {
  std::array<char, 16384> buffer;
  const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
  if (count > 0) {
    into.append(buffer.data(), static_cast<std::size_t>(count));
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    fd.reset();
  }
}

// Writing to a child that closed its input must return an error, not kill this process.
void ignore_broken_pipes() {
  static const bool done = std::signal(SIGPIPE, SIG_IGN) != SIG_ERR;
  if (!done) throw system_error("cannot ignore SIGPIPE");
}

void feed(UniqueFd& fd, std::string_view& rest) {
  if (!rest.empty()) {
    const ssize_t count = ::write(fd.get(), rest.data(), rest.size());
    if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
    // It is not an error if a child does not read all of its input.
    if (count < 0 && errno != EAGAIN && errno != EINTR) rest = {};
  }
  if (rest.empty()) fd.reset();
}

// Kills the process group and reaps the child, also if the caller ends with an exception.
class ChildGuard {
public:
  explicit ChildGuard(pid_t pid) : pid_(pid) {}
  ChildGuard(const ChildGuard&) = delete;
  ChildGuard& operator=(const ChildGuard&) = delete;
  ~ChildGuard() {
    if (pid_ < 0) return;
    ::kill(-pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  int finish() { return wait_for_exit(std::exchange(pid_, -1)); }

private:
  pid_t pid_;
};

}  // namespace

Result run(const Command& command, Deadline deadline) {
  ignore_broken_pipes();
  Pipe in, out, err;
  const pid_t pid = spawn(command, in, out, err);
  ChildGuard child(pid);
  // Readable when the child has ended. The end of its output is no sign of that: a daemon that it started may
  // keep the pipes open.
  UniqueFd ended(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  in.read.reset();
  out.write.reset();
  err.write.reset();
  for (int fd : {in.write.get(), out.read.get(), err.read.get()}) ::fcntl(fd, F_SETFL, O_NONBLOCK);

  Result result;
  std::string_view rest = command.input;
  if (rest.empty()) in.write.reset();
  bool running = true;
  while (running || out.read || err.read) {
    std::array<pollfd, 5> waits{{{in.write.get(), POLLOUT, 0},
                                 {out.read.get(), POLLIN, 0},
                                 {err.read.get(), POLLIN, 0},
                                 {running ? ended.get() : -1, POLLIN, 0},
                                 {interrupt_fd(), POLLIN, 0}}};
    // After the child has ended, only the data that is already in the pipes is read.
    const int timeout = running ? static_cast<int>(deadline.left().count()) : 0;
    const int ready = ::poll(waits.data(), waits.size(), timeout);
    if (ready < 0 && errno != EINTR) throw system_error("cannot wait for a child process");
    if (ready == 0) {
      if (!running) break;
      throw Error(Kind::timeout, fmt_seconds("not finished after", deadline.budget()), display(command.argv));
    }
    throw_if_interrupted();
    if (waits[0].revents != 0) feed(in.write, rest);
    if (waits[1].revents != 0) drain(out.read, result.out);
    if (waits[2].revents != 0) drain(err.read, result.err);
    if (waits[3].revents != 0) running = false;
  }
  result.status = child.finish();
  return result;
}

std::string run_checked(const Command& command, Deadline deadline) {
  Result result = run(command, deadline);
  if (!result.ok()) {
    const std::string said = last_line(result.err.empty() ? result.out : result.err);
    throw Error(Kind::system,
                "failed (status " + std::to_string(result.status) + ")" + (said.empty() ? "" : ": " + said),
                display(command.argv));
  }
  return std::move(result.out);
}

std::string display(const std::vector<std::string>& argv) {
  std::string line;
  for (const auto& word : argv) {
    if (!line.empty()) line += ' ';
    const bool plain = !word.empty() && word.find_first_of(" \t\n'\"$\\*;&|<>(){}") == std::string::npos;
    line += plain ? word : "'" + replace_all(word, "'", "'\\''") + "'";
  }
  return line;
}

}  // namespace labctl
