#include "agent/worker.hpp"

#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace labctl::agent {
namespace {

void logged(const std::string& what, const std::function<void()>& action) {
  try {
    action();
  } catch (...) {
    spdlog::error("{}: {}", what, current_error().line());
  }
}

std::string title(const QueuedEvent& task) {
  return fmt::format("event {} ({}) of {}", task.event.id, task.event.name, join(task.apps, " and "));
}

// The caller waits until our stdin, stdout and stderr are closed.
void detach() {
  ::setsid();
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (int fd : {0, 1, 2}) {
    if (null) {
      ::dup2(null.get(), fd);
    } else {
      ::close(fd);
    }
  }
}

pid_t forked() {
  const pid_t pid = ::fork();
  if (pid < 0) throw system_error("cannot start a process");
  return pid;
}

// Returns the status from waitpid().
int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) throw system_error("cannot wait for a process");
  }
  return status;
}

// Runs `action` in a child process. Returns its status from waitpid().
int in_child(const QueuedEvent& task, const std::function<void()>& action) {
  const pid_t pid = forked();
  if (pid == 0) {
    logged(title(task), [&] {
      install_interrupt_handler();
      action();
    });
    ::_exit(0);
  }
  return wait_for(pid);
}

void undo(const Workshop& shop, const QueuedEvent& task) {
  if (shop.undo) in_child(task, [&] { shop.undo(task); });
}

void handle_one(const Workshop& shop, const QueuedEvent& task) {
  shop.log.begin(task.event.id);  // usually written already, when the event was queued
  shop.queue.begin(task);
  const int status = in_child(task, [&] {
    shop.handle(task);
    shop.queue.finish(task);  // also here, because the worker may have died meanwhile
  });
  if (WIFSIGNALED(status)) {
    spdlog::error("{} failed: its process was ended by signal {}", title(task), WTERMSIG(status));
    undo(shop, task);
  }
}

void work(const Workshop& shop, const std::string& app);

void start(const Workshop& shop, const std::string& app, FileLock* held) {
  if (forked() != 0) return;
  if (held != nullptr) held->leave_to_parent();
  detach();
  logged("worker of " + app, [&] { work(shop, app); });
  ::_exit(0);
}

void work(const Workshop& shop, const std::string& app) {
  for (;;) {
    auto lock = shop.queue.try_lock(app);
    if (!lock) return;  // the lock holder reads the queue again
    while (const auto task = shop.queue.next(app)) {
      if (task->begun) {
        spdlog::error("{} failed: it was begun, and its process ended on the way", title(*task));
        undo(shop, *task);
      } else {
        handle_one(shop, *task);
      }
      shop.queue.finish(*task);
      for (const auto& other : task->apps) {
        if (other != app) start(shop, other, &*lock);
      }
    }
    // An event of two apps may have waited only for the events that ended here.
    if (const auto leader = shop.queue.waits_for(app)) start(shop, *leader, &*lock);
    lock.reset();
    if (!shop.queue.next(app)) return;
  }
}

}  // namespace

void start_worker(const Workshop& shop, const std::string& app) { start(shop, app, nullptr); }

}  // namespace labctl::agent
