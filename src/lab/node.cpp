#include "lab/node.hpp"

#include "base/connect.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/pipe.hpp"
#include "base/spawn.hpp"
#include "base/text.hpp"
#include "docker/client.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;

constexpr auto longest_try = std::chrono::milliseconds(500);
constexpr int words_fd = 3;  // init writes to this number (tools/lab/node/init)

UniqueFd open_or_throw(const fs::path& path, int flags) {
  UniqueFd fd(::open(path.c_str(), flags | O_CLOEXEC, 0644));
  if (!fd) throw system_error("cannot open", path);
  return fd;
}

// Everything that the child needs, prepared before fork(): after fork() in a program with threads, only plain
// system calls are allowed.
struct Prepared {
  UniqueFd netns, log, null;
  const std::vector<UniqueFd>& cgroup;
  std::vector<char*> argv, environment;
  int words;
  int report;
};

// Runs in the first child. Enters the namespaces one by one. The second child is process 1 of the new pid
// namespace. The report is the pid of init, or a negative errno.
[[noreturn]] void become_node(const Prepared& prepared) {
  auto give_up = [&] {
    const int code = -errno;
    [[maybe_unused]] const ssize_t ignored = ::write(prepared.report, &code, sizeof code);
    ::_exit(1);
  };
  ::setsid();
  if (::setns(prepared.netns.get(), CLONE_NEWNET) != 0) give_up();
  for (const auto& entrance : prepared.cgroup) {
    if (::write(entrance.get(), "0", 1) < 0) give_up();
  }
  if (::unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP) != 0) give_up();
  const pid_t init = ::fork();
  if (init < 0) give_up();
  if (init > 0) {
    [[maybe_unused]] const ssize_t ignored = ::write(prepared.report, &init, sizeof init);
    ::_exit(0);
  }
  restore_signals();
  ::dup2(prepared.null.get(), 0);
  ::dup2(prepared.log.get(), 1);
  ::dup2(prepared.log.get(), 2);
  // The write end of `words` may already be number 3. Then dup2() would do nothing, and exec would close it.
  if (prepared.words == words_fd) {
    ::fcntl(words_fd, F_SETFD, 0);
  } else {
    ::dup2(prepared.words, words_fd);
  }
  // Closes all other files, among them the lab's lock: a node must not hold it.
  ::syscall(SYS_close_range, words_fd + 1, ~0U, 0);
  ::execve(prepared.argv[0], prepared.argv.data(), prepared.environment.data());
  ::_exit(127);
}

pid_t spawn(const Prepared& prepared, const UniqueFd& report) {
  const pid_t child = ::fork();
  if (child < 0) throw system_error("cannot start a process");
  if (child == 0) become_node(prepared);
  int answer = 0;
  ssize_t count = 0;
  while ((count = ::read(report.get(), &answer, sizeof answer)) < 0 && errno == EINTR) {
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (count != sizeof answer) throw Error(Kind::lab, "its first process did not start");
  if (answer < 0) {
    errno = -answer;
    throw system_error("cannot enter the node's namespaces");
  }
  return answer;
}

}  // namespace

RunningNode RunningNode::start(const NodeStart& how) {
  Pipe words, report;
  const std::vector<std::string> argv{"/bin/bash", how.init};
  Prepared prepared{open_or_throw(how.netns, O_RDONLY),
                    open_or_throw(how.log, O_WRONLY | O_CREAT | O_APPEND),
                    open_or_throw("/dev/null", O_RDONLY),
                    how.cgroup,
                    c_strings(argv),
                    c_strings(how.environment),
                    words.write.get(),
                    report.write.get()};
  const pid_t pid = spawn(prepared, report.read);
  return RunningNode(how.name, pid, std::move(words.read));
}

RunningNode::RunningNode(std::string name, pid_t pid, UniqueFd words)
    : name_(std::move(name)),
      pid_(pid),
      alive_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))),
      words_(std::move(words)) {
  if (!alive_) throw Error(Kind::lab, "its first process ended at once", name_);
  ::fcntl(words_.get(), F_SETFL, O_NONBLOCK);
}

fs::path RunningNode::root() const { return fmt::format("/proc/{}/root", pid_); }

fs::path docker_socket(pid_t pid) { return fmt::format("/proc/{}/root/run/docker.sock", pid); }

void RunningNode::wait_readable(int fd, const std::string& what, Deadline deadline) {
  for (;;) {
    std::array<pollfd, 3> waits{{{fd, POLLIN, 0}, {alive_.get(), POLLIN, 0}, {interrupt_fd(), POLLIN, 0}}};
    const int ready = ::poll(waits.data(), waits.size(), static_cast<int>(deadline.left().count()));
    if (ready < 0 && errno != EINTR) throw system_error("cannot wait for a node");
    throw_if_interrupted();
    if (ready == 0) throw Error(Kind::timeout, fmt_seconds("no " + what + " after", deadline.budget()));
    if (waits[0].revents != 0) return;
    if (waits[1].revents != 0) throw ended(what);
  }
}

Error RunningNode::ended(const std::string& before) {
  hear();
  const auto reason = heard_.find("failed ");
  if (reason != std::string::npos) {
    return Error(Kind::lab, heard_.substr(reason + 7, heard_.find('\n', reason) - reason - 7), "init");
  }
  return Error(Kind::lab, "the node's first process ended before there was " + before);
}

bool RunningNode::hear() {
  std::array<char, 512> buffer;
  const ssize_t count = ::read(words_.get(), buffer.data(), buffer.size());
  if (count > 0) heard_.append(buffer.data(), static_cast<std::size_t>(count));
  return count != 0;
}

void RunningNode::wait_for(const std::string& word, Deadline deadline) {
  for (;;) {
    for (auto end = heard_.find('\n'); end != std::string::npos; end = heard_.find('\n')) {
      const std::string line = heard_.substr(0, end);
      heard_.erase(0, end + 1);
      if (line == word) return;
      if (line.starts_with("failed ")) throw Error(Kind::lab, line.substr(7), "init");
    }
    wait_readable(words_.get(), "\"" + word + "\" from its init", deadline);
    if (!hear()) throw Error(Kind::lab, "init ended before it said \"" + word + "\"");
  }
}

void RunningNode::wait_for_docker(Deadline deadline) {
  const UniqueFd watch(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!watch) throw system_error("cannot make an inotify instance");
  if (::inotify_add_watch(watch.get(), (root() / "run").c_str(), IN_CREATE | IN_MOVED_TO) < 0) {
    throw system_error("cannot watch /run of the node");
  }
  while (!fs::exists(docker_socket(pid_))) {
    wait_readable(watch.get(), "Docker socket", deadline);
    std::array<char, 4096> ignored;
    while (::read(watch.get(), ignored.data(), ignored.size()) > 0) {
    }
  }
  // bind(2) creates the socket file. Until listen(2), connections are refused; after it, they wait in the
  // daemon's queue. There is no event for listen(2).
  docker::Client client(Endpoint::unix_socket(docker_socket(pid_)));
  for (;;) {
    try {
      client.ping(deadline);
      return;
    } catch (const Error& error) {
      if (error.kind() != Kind::unreachable || deadline.passed()) throw;
    }
    watch_for(std::chrono::milliseconds(5));
  }
}

void RunningNode::wait_for_port(const std::string& address, int port, Deadline deadline) {
  // There is no event for a new listening port in another network namespace. So this tries again and again;
  // between the tries it waits for the end of the node.
  for (auto pause = std::chrono::milliseconds(2);;
       pause = std::min(pause * 2, std::chrono::milliseconds(100))) {
    // Each try is short: a connection without any answer would block for two minutes.
    const auto seen = connect_tcp(address, static_cast<std::uint16_t>(port), deadline.at_most(longest_try));
    if (seen == 0) return;
    if (deadline.passed()) {
      throw Error(Kind::timeout,
                  fmt_seconds(fmt::format("no process listens on port {} after", port), deadline.budget()));
    }
    watch_for(std::min(pause, deadline.left()));
  }
}

void RunningNode::watch_for(std::chrono::milliseconds pause) {
  std::array<pollfd, 2> waits{{{alive_.get(), POLLIN, 0}, {interrupt_fd(), POLLIN, 0}}};
  ::poll(waits.data(), waits.size(), static_cast<int>(pause.count()));
  throw_if_interrupted();
  if (waits[0].revents != 0) throw Error(Kind::lab, "the node's first process ended");
}

void RunningNode::stop(Deadline deadline) {
  ::syscall(SYS_pidfd_send_signal, alive_.get(), SIGTERM, nullptr, 0);
  wait_readable(alive_.get(), "end of the node", deadline);
}

std::vector<std::string> enter_argv(pid_t pid, const std::vector<std::string>& argv,
                                    const std::string& user) {
  const char* terminal = std::getenv("TERM");
  std::vector<std::string> full{"nsenter",
                                "--target=" + std::to_string(pid),
                                "--mount",
                                "--uts",
                                "--ipc",
                                "--cgroup",
                                "--net",
                                "--pid",
                                "--root",
                                "--",
                                "env",
                                "--ignore-environment",
                                "--chdir=/",
                                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                "LANG=C.UTF-8",
                                std::string("TERM=") + (terminal == nullptr ? "dumb" : terminal),
                                user == "root" ? "HOME=/root" : "HOME=/home/" + user};
  // Joins the node's cgroups, so that the command is counted, and killed, as part of the node.
  full.push_back("/run/lab/share/lab/node/join");
  if (user != "root") {
    full.insert(full.end(), {"setpriv", "--reuid=" + user, "--regid=" + user, "--init-groups", "--"});
  }
  full.insert(full.end(), argv.begin(), argv.end());
  return full;
}

}  // namespace labctl::lab
