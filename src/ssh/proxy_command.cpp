#include "ssh/proxy_command.hpp"

#include "base/pipe.hpp"
#include "base/spawn.hpp"
#include "base/text.hpp"

#include <asio/posix/stream_descriptor.hpp>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace labctl::ssh {
namespace {

constexpr int hang_up_time = 200;  // milliseconds
constexpr std::size_t kept_errors = 2048;

}  // namespace

// The command's standard error is read all the time, so that the command never blocks on it. The last part is
// kept.
struct ProxyCommand::Errors : std::enable_shared_from_this<ProxyCommand::Errors> {
  Errors(const asio::any_io_executor& executor, UniqueFd end) : from(executor, end.release()) {
    from.non_blocking(true);
  }

  void read() {
    std::array<char, 1024> buffer;
    ssize_t count = 0;
    while ((count = ::read(from.native_handle(), buffer.data(), buffer.size())) > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(count));
      if (text.size() > kept_errors) text.erase(0, text.size() - kept_errors);
    }
    open = count < 0 && (errno == EAGAIN || errno == EINTR);
  }

  void wait() {
    from.async_wait(asio::posix::stream_descriptor::wait_read,
                    [self = shared_from_this()](std::error_code error) {
                      if (error) return;
                      self->read();
                      if (self->open) self->wait();
                    });
  }

  asio::posix::stream_descriptor from;
  std::string text;
  bool open = true;
};

ProxyCommand::ProxyCommand(const asio::any_io_executor& executor, const std::string& line)
    : socket_(executor) {
  auto [ours, theirs] = connected_pair(executor);
  Pipe errors;

  Spawn program(POSIX_SPAWN_SETPGROUP);
  program.give(theirs.native_handle(), STDIN_FILENO);
  program.give(theirs.native_handle(), STDOUT_FILENO);
  program.give(errors.write.get(), STDERR_FILENO);
  program.close_others();
  const char* said = std::getenv("SHELL");
  const std::string shell = said != nullptr && *said != '\0' ? said : "/bin/sh";
  pid_ = program.start({shell, "-c", "exec " + line});

  ended_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  socket_ = std::move(ours);
  errors_ = std::make_shared<Errors>(executor, std::move(errors.read));
  errors_->wait();
}

ProxyCommand::~ProxyCommand() {
  std::error_code ignored;
  errors_->from.close(ignored);
  ::kill(-pid_, SIGHUP);
  pollfd end{ended_.get(), POLLIN, 0};
  if (::poll(&end, 1, hang_up_time) != 1) ::kill(-pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
}

std::string ProxyCommand::complaint() {
  if (errors_->open) errors_->read();
  return last_line(errors_->text);
}

}  // namespace labctl::ssh
