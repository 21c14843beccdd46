#include "cluster/run_lock.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "http/stop.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;

constexpr auto ttl = 10s;  // the shortest that Consul accepts
constexpr auto renew_every = 3s;
constexpr auto lock_budget = 5s;

}  // namespace

RunLock::RunLock(Cluster& cluster)
    : consul_(cluster.consul_client()), cluster_name_(cluster.inventory().name), owner_(this_run()) {
  take();
  keeper_ = std::jthread([this](const std::stop_token& stop) { keep(stop); });
}

RunLock::~RunLock() {
  keeper_.request_stop();
  keeper_.join();
  const InterruptShield shield;
  try {
    consul_.destroy_session(session_, Deadline::in(lock_budget));
  } catch (const Error& e) {
    spdlog::debug("the session that locks the cluster was not removed; it expires by itself: {}", e.line());
  }
}

void RunLock::take() {
  const auto deadline = Deadline::in(lock_budget);
  session_ = consul_.create_session("labctl test", ttl, deadline);
  try {
    while (!consul_.acquire(key, to_json_text(owner_), session_, deadline)) {
      const auto held = consul_.get(key, deadline);
      if (!held || held->session.empty()) continue;  // released meanwhile
      const auto holder = parse_run_owner(held->value, std::string("key ") + key);
      if (!holder.has_ended()) {
        throw Error(
            Kind::conflict, "a test of " + holder.text() + " runs on this cluster", cluster_name_,
            fmt::format("wait until it ends; the lock of a killed run expires after {} s", 2 * ttl.count()));
      }
      consul_.destroy_session(held->session, deadline);
    }
  } catch (...) {
    const InterruptShield shield;
    try {
      consul_.destroy_session(session_, Deadline::in(lock_budget));
    } catch (const Error&) {  // the session expires by itself
    }
    throw;
  }
}

void RunLock::keep(const std::stop_token& stop) {
  // Cleanups need the lock even after a signal.
  const InterruptShield shield;
  const http::StopScope scope(stop);
  while (!stop.stop_requested()) {
    try {
      http::StopScope::pause(renew_every);
      if (!consul_.renew_session(session_, Deadline::in(lock_budget))) take();
    } catch (const Error& e) {
      if (e.kind() == Kind::interrupted) return;
      // A short outage of Consul is normal in a test. A lock that another run has taken meanwhile is not.
      if (e.kind() == Kind::conflict) {
        spdlog::error("this run was cut off from Consul and lost its lock: {}", e.line());
        return;
      }
    }
  }
}

}  // namespace labctl::cluster
