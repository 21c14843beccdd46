#pragma once

#include "ssh/traffic.hpp"
#include "tunnels/control.hpp"
#include "tunnels/link.hpp"
#include "tunnels/plan.hpp"

#include <asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace labctl::tunnels {

// Manages the links of a plan: which node carries which forward, the status, and whether everything answers.
// Runs on the main thread's io_context; links post their reports to it.
class Supervisor {
public:
  // The result of wait_ready(). No problems: everything answers.
  using Ready = std::function<void(std::vector<Problem>)>;

  Supervisor(asio::io_context& io, Plan plan, Timing timing = {});
  // Ends all links in parallel, in bounded time.
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  const Plan& plan() const { return plan_; }
  Status status() const;
  std::uint64_t revision() const { return revision_; }
  // Each callback is called after every change of a state.
  void on_change(std::function<void()> callback) { on_change_.push_back(std::move(callback)); }

  // Calls `done` when every forward answers or has failed permanently, at the latest after `limit`.
  void wait_ready(std::chrono::milliseconds limit, Ready done);
  // An agent ends with its shell: the next logins use the agents of `newest`, if it has any.
  void follow_agents(const Plan& newest);
  // Retries at once what is down.
  void retry();
  // The way to the nodes may have changed (NetworkWatch).
  void network_changed(const std::string& reason);
  // Closes and reopens these forwards; empty: all forwards and sessions. The names must exist.
  void restart(const std::vector<std::string>& names);

private:
  struct LinkedNode {
    std::unique_ptr<Link> link;
    NodeStatus status;
    std::optional<ssh::Failure> failure;  // why it is down now
  };
  struct Carried {
    PlannedForward plan;
    std::shared_ptr<ssh::Traffic> traffic = std::make_shared<ssh::Traffic>();
    ForwardStatus status;
    std::optional<ssh::Failure> failure;  // why it is down now
    bool moving = false;                  // dropped by the old node, not yet taken by the new
    std::map<std::string, std::chrono::steady_clock::time_point>
        target_failed;  // node -> when its remote end failed
  };
  struct Waiter {
    asio::steady_timer timer;
    Ready done;
  };

  void node_reported(const NodeReport& report);
  void forward_reported(const ForwardReport& report);
  void route(Carried& forward);
  void move(Carried& forward, const std::string& node);
  void changed();
  // nullopt while a forward may still come up.
  std::optional<std::vector<Problem>> verdict(bool time_is_up) const;
  void settle(bool time_is_up, const std::shared_ptr<Waiter>& only = nullptr);

  asio::io_context& io_;
  Plan plan_;
  Timing timing_;
  std::shared_ptr<LoginLimit> limit_;
  double since_;
  std::uint64_t revision_ = 1;
  std::vector<std::function<void()>> on_change_;
  std::map<std::string, LinkedNode> nodes_;
  std::vector<Carried> forwards_;
  std::vector<std::shared_ptr<Waiter>> waiters_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // false for reports that arrive after the end
};

}  // namespace labctl::tunnels
