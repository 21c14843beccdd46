#pragma once

#include "ssh/session.hpp"
#include "tunnels/backoff.hpp"
#include "tunnels/control.hpp"
#include "tunnels/forward.hpp"
#include "tunnels/lanes.hpp"
#include "tunnels/login_limit.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

namespace labctl::tunnels {

struct NodeReport {
  std::string node;
  NodeState state = NodeState::connecting;
  std::optional<ssh::Failure> failure;
  std::optional<std::chrono::milliseconds> next_attempt;
};

// One node: a thread with its io_context, the SSH session (reconnected when lost), and the forwards it
// carries. Public functions may be called from any thread; they post their work to the link's thread. Reports
// are called on the link's thread.
class Link {
public:
  struct Reports {
    std::function<void(NodeReport)> node;
    std::function<void(ForwardReport)> forward;
  };

  // `limit` is shared by all links of a daemon.
  Link(ssh::Target target, Timing timing, std::shared_ptr<LoginLimit> limit, Reports reports);
  // Ends everything and joins the thread; in bounded time, regardless of peer and clients.
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  void carry(PlannedForward forward, std::shared_ptr<ssh::Traffic> traffic);
  // `done` is called when the local end is closed.
  void drop(std::string forward, std::function<void()> done);
  // Retries the login at once if the link waits or has given up, and checks the forwards.
  void retry();
  // The way to the node may have changed: a wait of the backoff ends, and the peer of a session must prove
  // soon that it is alive.
  void network_changed();
  // The next login uses these agents.
  void follow_agents(ssh::Target newest);
  // Ends the session and logs in again.
  void reconnect();

private:
  asio::awaitable<void> run();
  // Waits until the limit of the daemon allows a login.
  asio::awaitable<void> wait_for_turn();
  // Waits for the backoff; ends early if a person has changed something that the failed login has read.
  asio::awaitable<void> wait_after(ssh::Cause cause, std::string files);
  asio::awaitable<void> pause_until(Backoff::Clock::time_point time);
  asio::awaitable<void> watch(std::shared_ptr<ssh::Session> session);
  void check_proof(ssh::Session& session);
  void start(Forward& forward);
  // `next_try`: of a node that waits.
  void report(NodeState state, const std::optional<ssh::Failure>& failure = std::nullopt,
              std::optional<Backoff::Clock::time_point> next_try = std::nullopt);

  ssh::Target target_;
  Timing timing_;
  std::shared_ptr<LoginLimit> limit_;
  Reports reports_;
  std::unique_ptr<asio::io_context> io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::steady_timer pause_;
  asio::steady_timer turn_;  // of the daemon's limit
  asio::steady_timer watch_timer_;
  std::optional<ssh::Session::Clock::time_point> asked_for_proof_;
  Backoff backoff_{Backoff::Policy{.jitter = 0.2}};
  std::weak_ptr<ssh::Session> attempt_;    // the latest session or login attempt
  std::shared_ptr<ssh::Session> session_;  // only while it is up
  std::shared_ptr<Lanes> lanes_;
  std::optional<ssh::Failure> why_down_;
  std::map<std::string, std::shared_ptr<Forward>> forwards_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace labctl::tunnels
