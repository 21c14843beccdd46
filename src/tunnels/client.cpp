#include "tunnels/client.hpp"

#include "base/interrupt.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "tunnels/daemon_lock.hpp"
#include "tunnels/daemon_paths.hpp"
#include "tunnels/local_end.hpp"
#include "tunnels/node_login.hpp"
#include "tunnels/plan.hpp"
#include "tunnels/start_daemon.hpp"
#include "tunnels/typed_passphrases.hpp"
#include "tunnels/wire_line.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace labctl::tunnels {
namespace {

// Longer than the daemon's own limits, so that the daemon's error message arrives before the timeout.
constexpr auto ready_limit = std::chrono::seconds(20);
constexpr auto answer_limit = std::chrono::seconds(5);
constexpr auto down_limit = std::chrono::seconds(5);

// The process at the other end of a unix socket.
ucred peer_of(int socket, const DaemonPaths& paths) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
    throw system_error("cannot identify the tunnel daemon", paths.socket);
  return peer;
}

// Empty if no daemon listens. Folder and peer are checked before a byte is sent: otherwise a socket that
// another user placed there would be trusted, and that user's docker.sock would be handed out as ours.
UniqueFd connect_daemon(const DaemonPaths& paths) {
  if (!paths.require_ours()) return UniqueFd();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = paths.socket.string();
  if (path.size() >= sizeof address.sun_path) {
    throw Error(Kind::invalid, "is too long for a socket (107 characters at most)", path,
                "set LABCTL_RUNTIME_DIR");
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) throw system_error("cannot make a socket");
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const auto peer = peer_of(fd.get(), paths);
    if (peer.uid == ::geteuid()) return fd;
    throw Error(Kind::conflict,
                fmt::format("belongs to a process of another user (user id {}, pid {})", peer.uid, peer.pid),
                path, "nothing there is used; set LABCTL_RUNTIME_DIR to a folder that is yours alone");
  }
  if (errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR) return UniqueFd();
  throw system_error("cannot reach the tunnel daemon", path);
}

Reply ask(int daemon, const Request& request, Deadline deadline) {
  if (!send_line(daemon, to_line(request)))
    throw Error(Kind::unreachable, "the tunnel daemon has just ended");
  return read_reply(receive_line(daemon, deadline));
}

// The answer of the running daemon; nullopt if there is none, or if it was about to end.
std::optional<Reply> ask_running(const DaemonPaths& paths, const Plan& plan) {
  const UniqueFd daemon = connect_daemon(paths);
  if (!daemon) return std::nullopt;
  Request request;
  request.verb = Request::Verb::ready;
  request.plan = plan;
  try {
    return ask(daemon.get(), request, Deadline::in(ready_limit));
  } catch (const Error& error) {
    if (error.kind() == Kind::unreachable) return std::nullopt;
    throw;
  }
}

UniqueFd lock_start(const DaemonPaths& paths) {
  paths.make();
  UniqueFd lock(::open(paths.start.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) throw system_error("cannot open", paths.start);
  // The process that holds the lock is starting a daemon, which takes a few seconds at most.
  while (::flock(lock.get(), LOCK_EX) != 0) {
    if (errno != EINTR) throw system_error("cannot lock", paths.start);
    throw_if_interrupted();
  }
  return lock;
}

std::string difference(const Plan& wanted, const Status& running) {
  std::vector<std::string> news;
  for (const auto& forward : wanted.forwards) {
    const auto same = [&](const ForwardStatus& status) { return status.name == forward.name; };
    if (std::none_of(running.forwards.begin(), running.forwards.end(), same)) news.push_back(forward.name);
  }
  return news.empty() ? "its values differ" : "they do not carry " + join(news, ", ");
}

void remove_dead_sockets(const DaemonPaths& paths, const inventory::Inventory& inventory) {
  auto remove = [](const std::filesystem::path& path) {
    try {
      remove_stale_socket(path);
    } catch (const ssh::Failure&) {
      // Not ours, or in use: keep it.
    }
  };
  remove(paths.socket);
  for (const auto& forward : inventory.forwards) {
    const bool ours = forward.direction != inventory::Forward::Direction::remote;
    if (ours && forward.local.is_unix_socket()) remove(forward.local.path);
  }
}

// Under sudo, keys and known_hosts are not those of the user who typed the command.
std::vector<std::string> sudo_note(const std::vector<Problem>& problems) {
  const char* person = std::getenv("SUDO_USER");
  const bool about_keys = std::any_of(problems.begin(), problems.end(), [](const Problem& problem) {
    const auto cause = problem.failure().cause();
    return cause == ssh::Cause::identity_missing || cause == ssh::Cause::identity_encrypted ||
           cause == ssh::Cause::key_refused || cause == ssh::Cause::key_not_tried ||
           cause == ssh::Cause::host_key_unknown;
  });
  if (person == nullptr || ::geteuid() != 0 || !about_keys) return {};
  const char* agent = std::getenv("SSH_AUTH_SOCK");
  return {
      fmt::format("sudo: as root, labctl uses the keys, known_hosts and configuration of {}{}; without sudo, "
                  "those of {}. Only `labctl lab` needs root",
                  (home_dir() / ".ssh").string(),
                  agent == nullptr || *agent == '\0' ? ", and sudo has dropped SSH_AUTH_SOCK" : "", person)};
}

std::vector<std::string> lines_for_a_person(const std::vector<Problem>& problems,
                                            const std::string& inventory) {
  auto lines = lines_of(problems);
  const auto note = sudo_note(problems);
  lines.insert(lines.end(), note.begin(), note.end());
  const bool in_use = std::any_of(problems.begin(), problems.end(), [](const Problem& problem) {
    return problem.failure().cause() == ssh::Cause::local_in_use;
  });
  const std::string elsewhere = in_use ? daemon_elsewhere_note(inventory) : "";
  if (!elsewhere.empty()) lines.push_back(elsewhere);
  return lines;
}

}  // namespace

UpFailed::UpFailed(std::vector<Problem> problems, const std::string& inventory)
    : Error(problems.empty() ? Kind::unavailable : problems.front().failure().kind(),
            join(lines_for_a_person(problems, inventory), "\n"), "tunnels of inventory " + inventory),
      problems_(std::move(problems)) {}

namespace {

// One attempt: the running daemon's, or that of a new one.
Reply try_up(const Plan& plan, const UpOptions& options, UpReport& report) {
  const DaemonPaths paths = DaemonPaths::of(plan.inventory);
  const UniqueFd lock = lock_start(paths);
  auto answer = ask_running(paths, plan);
  report.already_up = answer.has_value();
  return answer ? std::move(*answer) : start_daemon(options.program, plan, paths, Deadline::in(ready_limit));
}

}  // namespace

UpReport up(const inventory::Inventory& inventory, const UpOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  Plan plan = make_plan(inventory, options.nodes);
  TypedPassphrases passphrases;
  UpReport report;
  Reply reply;
  do {
    reply = try_up(plan, options, report);
  } while (!reply.ok && passphrases.ask(reply.problems, plan));
  if (!reply.covers_plan && reply.status->source != plan.source) {
    const auto& other = reply.status->source;
    throw Error(
        Kind::conflict,
        fmt::format("the tunnels of another inventory with the name {} are up", inventory.name), other,
        "give one of the two files another name:, or run labctl --inventory " + other + " tunnels down");
  }
  if (!reply.covers_plan) {
    throw Error(Kind::conflict,
                "tunnels are up with another version of this inventory: " + difference(plan, *reply.status),
                "inventory " + inventory.name, "labctl tunnels down, then up again");
  }
  if (!reply.ok) throw UpFailed(std::move(reply.problems), inventory.name);
  report.status = reply.status.value_or(Status{});
  report.elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  return report;
}

void require_ours(const inventory::Inventory& inventory) {
  static_cast<void>(DaemonPaths::of(inventory.name).require_ours());
}

std::optional<Status> status(const inventory::Inventory& inventory) { return status(inventory.name); }

std::optional<Status> status(const std::string& inventory_name, std::uint64_t newer_than,
                             std::chrono::milliseconds wait) {
  const UniqueFd daemon = connect_daemon(DaemonPaths::of(inventory_name));
  if (!daemon) return std::nullopt;
  Request request;
  request.newer_than = newer_than;
  request.wait_ms = static_cast<std::uint64_t>(wait.count());
  return ask(daemon.get(), request, Deadline::in(answer_limit + wait)).status;
}

Status restart(const inventory::Inventory& inventory, const std::vector<std::string>& forwards) {
  const UniqueFd daemon = connect_daemon(DaemonPaths::of(inventory.name));
  if (!daemon) {
    throw Error(Kind::unavailable, "no tunnels are up", "inventory " + with_file(inventory),
                "labctl tunnels up");
  }
  Request request;
  request.verb = Request::Verb::restart;
  request.forwards = forwards;
  Reply reply = ask(daemon.get(), request, Deadline::in(ready_limit));
  if (!reply.ok) throw UpFailed(std::move(reply.problems), inventory.name);
  return reply.status.value_or(Status{});
}

bool down(const inventory::Inventory& inventory) {
  const DaemonPaths paths = DaemonPaths::of(inventory.name);
  const UniqueFd daemon = connect_daemon(paths);
  if (!daemon) {
    if (std::filesystem::exists(paths.folder)) remove_dead_sockets(paths, inventory);
    return false;
  }
  const auto peer = peer_of(daemon.get(), paths);
  // A pidfd: it cannot refer to a later process with the same pid.
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, peer.pid, 0)));
  const Deadline deadline = Deadline::in(down_limit);
  bool clean = true;
  try {
    Request request;
    request.verb = Request::Verb::down;
    ask(daemon.get(), request, deadline);
  } catch (const Error& error) {
    if (error.kind() == Kind::interrupted) throw;
    clean = false;
  }
  pollfd ended{process.get(), POLLIN, 0};
  if (process && ::poll(&ended, 1, static_cast<int>(deadline.left().count())) == 0) {
    ::syscall(SYS_pidfd_send_signal, process.get(), SIGKILL, nullptr, 0);
    ::poll(&ended, 1, 1000);
    clean = false;
  }
  if (!clean) remove_dead_sockets(paths, inventory);
  return true;
}

namespace {

std::optional<ssh::Failure> refusal(const NodeLogin& login) {
  for (const auto& finding : login.findings) {
    if (!finding.refused) continue;
    return ssh::Failure(ssh::Cause::config_refused, finding.line(), login.target.name,
                        "make an exception for this node there, or give labctl another HOME");
  }
  return std::nullopt;
}

}  // namespace

HostKeySeen host_key(const inventory::Node& node, Deadline deadline) {
  const NodeLogin login = resolve_login(node);
  if (const auto refused = refusal(login)) throw ssh::Failure(*refused);
  const auto& jumps = login.target.jumps;
  for (auto jump = jumps.begin(); jump != jumps.end(); ++jump) {
    ssh::Target target = *jump;
    target.jumps.assign(jumps.begin(), jump);
    auto key = ssh::read_host_key(target, deadline);
    if (key.verdict != ssh::HostKeyVerdict::match) return {target.name, std::move(key)};
  }
  return {node.name, ssh::read_host_key(login.target, deadline)};
}

ssh::ProbeResult probe(const inventory::Node& node, const std::optional<Endpoint>& remote,
                       Deadline deadline) {
  const NodeLogin login = resolve_login(node);
  if (auto refused = refusal(login)) {
    ssh::ProbeResult result;
    result.login = std::move(refused);
    return result;
  }
  return ssh::probe(login.target, remote, deadline);
}

}  // namespace labctl::tunnels
