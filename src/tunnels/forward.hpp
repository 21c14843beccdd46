#pragma once

#include "ssh/failure.hpp"
#include "ssh/relay.hpp"
#include "tunnels/check.hpp"
#include "tunnels/local_end.hpp"
#include "tunnels/plan.hpp"
#include "tunnels/timing.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace labctl::tunnels {

// The result of a forward's check.
struct ForwardReport {
  std::string forward;
  std::string node;
  std::optional<ssh::Failure> failure;  // nullopt: it answers
  std::optional<std::chrono::microseconds> rtt;
};

// One forward on the node that carries it: the local end, its connections, and the checks. Runs on the link's
// thread. Its local end exists only while there is a session, so that a client is served or gets connection
// refused at once.
class Forward : public std::enable_shared_from_this<Forward> {
public:
  using Report = std::function<void(ForwardReport)>;

  Forward(asio::any_io_executor executor, std::string node, PlannedForward plan,
          std::shared_ptr<ssh::Traffic> traffic, Timing timing, Report report);

  const PlannedForward& plan() const { return plan_; }

  // A session is up: opens the local end and starts the checks.
  void start(Opener open);
  // The session is lost: closes the local end and all connections. `why` is reported.
  void stop(const ssh::Failure& why);
  // Ends it without a report: another node carries the forward now.
  void drop();
  // The next check is due now.
  void check_now();

private:
  asio::awaitable<void> accept(std::shared_ptr<LocalEnd> end);
  asio::awaitable<void> serve(std::shared_ptr<ssh::Relay> connection);
  asio::awaitable<void> keep_checking(unsigned run);
  void open_local_end();
  void close_all();

  asio::any_io_executor executor_;
  std::string node_;
  PlannedForward plan_;
  std::shared_ptr<ssh::Traffic> traffic_;
  Timing timing_;
  Report report_;
  Opener open_;
  std::shared_ptr<LocalEnd> end_;
  std::vector<std::weak_ptr<ssh::Relay>> connections_;
  std::size_t sweep_at_ = 64;
  asio::steady_timer timer_;
  unsigned run_ = 0;  // changes with every start and stop, so that old coroutines detect it and end
};

}  // namespace labctl::tunnels
