#include "tunnels/daemon.hpp"

#include "base/current_error.hpp"
#include "base/log.hpp"
#include "base/paths.hpp"
#include "base/service_manager.hpp"
#include "base/unique_fd.hpp"
#include "tunnels/announcer.hpp"
#include "tunnels/control_server.hpp"
#include "tunnels/daemon_lock.hpp"
#include "tunnels/daemon_paths.hpp"
#include "tunnels/local_end.hpp"
#include "tunnels/network_watch.hpp"
#include "tunnels/supervisor.hpp"
#include "tunnels/wire_line.hpp"

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

namespace labctl::tunnels {
namespace {

// If not every forward answers within this time, the start has failed.
constexpr auto start_limit = std::chrono::seconds(15);
constexpr auto look_interval = std::chrono::seconds(2);

// Every connection needs a descriptor.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// Data or EOF on `owner` before the result of the start is known: the starting process has ended or given up.
void watch_owner(asio::posix::stream_descriptor& owner, std::function<void()> gone) {
  owner.async_wait(asio::posix::stream_descriptor::wait_read,
                   [gone = std::move(gone)](std::error_code error) {
                     if (!error) gone();
                   });
}

}  // namespace

bool run_daemon(const Plan& plan, int owner_fd, const std::function<void(const Reply&)>& decided) {
  ::umask(077);
  raise_descriptor_limit();
  std::signal(SIGPIPE, SIG_IGN);
  const DaemonPaths paths = DaemonPaths::of(plan.inventory);
  paths.make();
  DaemonLock lock(paths);

  // Before there are threads. A daemon in the background is no service's main process.
  const ServiceManager manager = ServiceManager::from_environment();

  asio::io_context io(1);
  bool started = false;
  bool failed = false;
  asio::signal_set signals(io, SIGTERM, SIGINT, SIGHUP);
  asio::posix::stream_descriptor owner(io);
  auto supervisor = std::make_unique<Supervisor>(io, plan);
  ControlServer server(io, paths.socket, *supervisor);
  Announcer announcer(io, owner_fd < 0 ? manager : ServiceManager());
  supervisor->on_change([&] { announcer.changed(supervisor->status()); });

  // Has an effect only once: closes everything, sockets first.
  auto end = [&, ended = false]() mutable {
    if (std::exchange(ended, true)) return;
    signals.cancel();
    announcer.stopping();
    server.stop_accepting();
    supervisor.reset();
    io.stop();
  };
  signals.async_wait([&](std::error_code error, int signal) {
    if (error) return;
    spdlog::info("signal {}: closing the tunnels", signal);
    if (!started) failed = true;
    end();
  });
  server.on_down([&] {
    if (!started) failed = true;
    end();
  });
  if (owner_fd >= 0) {
    owner.assign(::dup(owner_fd));
    watch_owner(owner, [&] {
      if (started) return;
      spdlog::warn("the process that started the daemon has ended: closing the tunnels");
      failed = true;
      end();
    });
  }
  supervisor->wait_ready(start_limit, [&](std::vector<Problem> problems) {
    if (!supervisor) return;
    owner.close();
    Reply reply;
    reply.ok = problems.empty();
    reply.status = supervisor->status();
    reply.problems = std::move(problems);
    if (reply.ok) {
      started = true;
      server.start();
      announcer.ready(*reply.status);
      decided(reply);
      return;
    }
    failed = true;
    end();
    server.close();
    decided(reply);
  });
  // The system deletes a user's runtime folder at logout. Without it, no client could find the daemon or stop
  // it.
  asio::steady_timer look(io);
  bool wiped = false;
  const std::function<void()> keep_in_place = [&] {
    look.expires_after(look_interval);
    look.async_wait([&](std::error_code error) {
      if (error || !supervisor) return;
      if (!lock.in_place() || !server.in_place()) {
        try {
          paths.make();
          if (!lock.in_place()) lock = DaemonLock(paths);
          server.reopen();
          supervisor->retry();
          spdlog::warn("{} was deleted; creating it again", paths.folder.string());
          wiped = false;
        } catch (...) {
          // Another daemon has taken over, or the folder cannot be created until the user logs in again.
          const Error failure = current_error();
          if (!std::exchange(wiped, true)) {
            spdlog::warn("{} was deleted and cannot be created again yet: {}", paths.folder.string(),
                         failure.line());
          }
          if (failure.kind() == Kind::conflict) {
            end();
            return;
          }
        }
      }
      keep_in_place();
    });
  };
  keep_in_place();
  NetworkWatch network(io, [&](const std::string& reason) {
    if (supervisor) supervisor->network_changed(reason);
  });
  spdlog::info("tunnels of inventory {} start, pid {}", plan.inventory, ::getpid());
  io.run();
  server.reply_to_down();
  spdlog::info("tunnels of inventory {} are closed", plan.inventory);
  return !failed;
}

int daemon_main() {
  const UniqueFd owner(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  if (!owner) return 2;
  Reply reply;
  try {
    const std::string line = receive_line(owner.get(), Deadline::in(std::chrono::seconds(5)));
    const Plan plan = nlohmann::json::parse(line).get<Plan>();
    // The parent process ends now, so that the daemon is not a child of the command that started it, such as
    // `labctl test`.
    const pid_t child = ::fork();
    if (child < 0) throw system_error("cannot fork");
    if (child > 0) return 0;
    if (::chdir("/") != 0) throw system_error("cannot go to", "/");
    ::close(STDIN_FILENO);
    ::open("/dev/null", O_RDONLY);
    DaemonPaths::of(plan.inventory).make();
    log_to_file(DaemonPaths::of(plan.inventory).log, Verbosity::normal);
    const bool ran = run_daemon(plan, owner.get(), [&](const Reply& outcome) {
      send_line(owner.get(), to_line(outcome));
      // After a failed start the socket stays open until this process ends: its EOF tells the client so.
      if (outcome.ok) ::shutdown(owner.get(), SHUT_RDWR);
    });
    return ran ? 0 : 2;
  } catch (const ssh::Failure& failure) {
    reply.problems.push_back(Problem::of(failure));
  } catch (const Error& error) {
    reply.problems.push_back(
        {error.where(), error.what(), error.hint(),
         std::string(to_string(error.kind() == Kind::conflict ? ssh::Cause::local_in_use
                                                              : ssh::Cause::local_failed))});
  } catch (const std::exception& error) {
    reply.problems.push_back(
        {"tunnel daemon", error.what(), "", std::string(to_string(ssh::Cause::local_failed))});
  }
  reply.ok = false;
  spdlog::error("{}", reply.problems.front().line());
  send_line(owner.get(), to_line(reply));
  return 2;
}

}  // namespace labctl::tunnels
