#pragma once

#include "ssh/failure.hpp"
#include "ssh/relay.hpp"
#include "tunnels/check.hpp"
#include "tunnels/plan.hpp"
#include "tunnels/timing.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace labctl::ssh {
class RemoteListener;
}

namespace labctl::tunnels {

// What a forward observed.
struct ForwardReport {
  enum class About {
    forward,     // its check: whether it is up
    connection,  // the connection of one client; the forward's state does not change
  };
  std::string forward;
  std::string node;
  std::optional<ssh::Failure> failure;  // nullopt: it is well
  std::optional<std::chrono::microseconds> rtt;
  About about = About::forward;
};

// What a forward uses of its node's session.
struct Carrier {
  Opener open;
  // Asks sshd to listen. Throws ssh::Failure.
  std::function<asio::awaitable<std::shared_ptr<ssh::RemoteListener>>(Endpoint, Deadline)> listen;
  // The cause of a failure of `open` (ssh/refusal.hpp).
  std::function<asio::awaitable<ssh::Failure>(Endpoint, ssh::Failure, Deadline)> find_cause;
};

struct ForwardSetting {
  asio::any_io_executor executor;
  std::string node;
  PlannedForward plan;
  std::shared_ptr<ssh::Traffic> traffic;
  Timing timing;
  std::function<void(ForwardReport)> report;
};

// One forward on the node that carries it: the listening end, its connections, and the checks. Runs on the
// link's thread. The listening end exists only while there is a session, so that a client is served or gets
// connection refused at once.
class Forward : public std::enable_shared_from_this<Forward> {
public:
  explicit Forward(ForwardSetting setting);
  virtual ~Forward() = default;
  Forward(const Forward&) = delete;
  Forward& operator=(const Forward&) = delete;

  const PlannedForward& plan() const { return setting_.plan; }

  // A session is up: listens and starts the checks.
  void start(Carrier carrier);
  // The session is lost: ends listening and all connections. `why` is reported.
  void stop(const ssh::Failure& why);
  // Ends it without a report: another node carries the forward now.
  void drop();
  // The next check is due now.
  void check_now() { timer_.cancel(); }

protected:
  // Listens if it does not yet, and checks what can be checked. Returns the time that the node's answer took,
  // if there was one. Throws ssh::Failure.
  virtual asio::awaitable<std::optional<std::chrono::microseconds>> check(Deadline deadline) = 0;
  virtual void stop_listening() = 0;

  const ForwardSetting& setting() const { return setting_; }
  const Carrier& carrier() const { return carrier_; }
  // Changes with every start and stop, so that old coroutines detect it and end.
  unsigned run() const { return run_; }
  // The connection is ended when the forward stops.
  void keep(const std::shared_ptr<ssh::Relay>& connection);
  // What became of a client's connection; nullopt: it succeeded.
  void report_connection(std::optional<ssh::Failure> failure);
  // Whether there is a descriptor for one more connection. If not, that is reported and logged.
  bool has_room(bool may_connect);
  // How many connections the forward has now.
  std::uint64_t connections() const { return setting_.traffic->connections; }

private:
  asio::awaitable<void> keep_checking(unsigned run);
  void close_all();

  ForwardSetting setting_;
  Carrier carrier_;
  std::vector<std::weak_ptr<ssh::Relay>> connections_;
  std::size_t sweep_at_ = 64;
  asio::steady_timer timer_;
  unsigned run_ = 0;
  bool connection_failed_ = false;  // the last one
  bool is_full_ = false;            // the last one found no descriptor
};

// The forward for the plan's direction.
std::shared_ptr<Forward> make_forward(ForwardSetting setting);

}  // namespace labctl::tunnels
