// kill_at FILE LINES|gone COMMAND...: runs the command and kills it with SIGKILL as soon as FILE has that
// many lines or, with `gone`, is removed, as reported by inotify. FILE's folder must exist. Exit status: 0 if
// it was killed, 1 if the command ended before.
#include "base/unique_fd.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

long lines_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return std::count(std::istreambuf_iterator<char>(stream), {}, '\n');
}

bool is_time(const std::filesystem::path& file, const std::string& when) {
  return when == "gone" ? !std::filesystem::exists(file) : lines_of(file) >= std::stol(when);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const std::filesystem::path file = argv[1];
  const std::string when = argv[2];
  const labctl::UniqueFd watch(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (::inotify_add_watch(watch.get(), file.parent_path().c_str(),
                          IN_CREATE | IN_MODIFY | IN_MOVED_TO | IN_DELETE) < 0)
    return 2;
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execvp(argv[3], argv + 3);
    ::_exit(127);
  }
  const labctl::UniqueFd ended(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  int killed = 1;
  for (;;) {
    if (is_time(file, when)) {
      ::kill(pid, SIGKILL);
      killed = 0;
      break;
    }
    std::array<pollfd, 2> waits{{{watch.get(), POLLIN, 0}, {ended.get(), POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), -1);
    if (waits[1].revents != 0) break;
    std::array<char, 4096> events;
    while (::read(watch.get(), events.data(), events.size()) > 0) {
    }
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return killed != 0 || WIFEXITED(status) ? 1 : 0;
}
