#include "tunnels/link.hpp"

#include "ssh/current_failure.hpp"
#include "ssh/refusal.hpp"
#include "tunnels/counted_login.hpp"
#include "tunnels/login_inputs.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <signal.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace labctl::tunnels {
namespace {

using ssh::Cause;
using ssh::Failure;

// Only the main thread receives signals.
class BlockedSignals {
public:
  BlockedSignals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

private:
  sigset_t before_{};
};

// A coroutine that keeps the lanes alive while the open is in progress.
asio::awaitable<std::shared_ptr<ssh::Channel>> open_channel(std::shared_ptr<Lanes> lanes, Endpoint remote,
                                                            Deadline deadline) {
  co_return co_await lanes->open(std::move(remote), deadline);
}

asio::awaitable<std::shared_ptr<ssh::RemoteListener>> ask_to_listen(std::shared_ptr<ssh::Session> session,
                                                                    Endpoint at, Deadline deadline) {
  co_return co_await session->listen(std::move(at), deadline);
}

}  // namespace

Link::Link(ssh::Target target, Timing timing, std::shared_ptr<LoginLimit> limit, Reports reports)
    : target_(std::move(target)),
      timing_(timing.adapted(target_)),
      limit_(std::move(limit)),
      reports_(std::move(reports)),
      io_(std::make_unique<asio::io_context>(1)),
      work_(asio::make_work_guard(*io_)),
      pause_(*io_),
      turn_(*io_),
      watch_timer_(*io_) {
  asio::co_spawn(*io_, run(), asio::detached);
  const BlockedSignals blocked;
  thread_ = std::thread([this] {
    io_->run();
    // After a stop, the coroutines see that everything is closed and end quickly; any coroutine that hangs is
    // dropped.
    io_->restart();
    io_->run_for(std::chrono::milliseconds(500));
  });
}

Link::~Link() {
  asio::post(*io_, [this] {
    stopping_ = true;
    for (auto& [name, forward] : forwards_) forward->drop();
    forwards_.clear();
    if (auto session = attempt_.lock())
      session->close(Failure(Cause::stopped, "tunnels are being closed", target_.name));
    if (lanes_) lanes_->close(Failure(Cause::stopped, "tunnels are being closed", target_.name));
    session_.reset();
    pause_.cancel();
    turn_.cancel();
    watch_timer_.cancel();
    work_.reset();
    io_->stop();
  });
  thread_.join();
  if (auto session = attempt_.lock(); session && session->resolving()) {
    // Its destructor would wait for the name server. The process is about to end, so this leak is harmless.
    [[maybe_unused]] const auto* leaked = io_.release();
  }
}

void Link::report(NodeState state, const std::optional<Failure>& failure,
                  std::optional<Backoff::Clock::time_point> next_try) {
  std::optional<std::chrono::milliseconds> next;
  if (next_try)
    next = std::chrono::duration_cast<std::chrono::milliseconds>(*next_try - Backoff::Clock::now());
  reports_.node({target_.name, state, failure, next});
}

asio::awaitable<void> Link::run() {
  while (!stopping_) {
    co_await wait_for_turn();
    if (stopping_) co_return;
    report(NodeState::connecting);
    const std::string files = login_files(target_);
    std::optional<Failure> failure;
    try {
      session_ = co_await counted_login(target_, Deadline::in(timing_.login), &attempt_, limit_);
    } catch (...) {
      failure = ssh::current_failure(target_.name);
    }
    if (stopping_) co_return;
    if (session_) {
      backoff_.connected(Backoff::Clock::now());
      spdlog::info("{}: session up", target_.name);
      why_down_.reset();
      lanes_ = std::make_shared<Lanes>(target_, timing_, limit_, session_);
      report(NodeState::up);
      for (auto& [name, forward] : forwards_) start(*forward);
      asio::co_spawn(*io_, watch(session_), asio::detached);
      failure = co_await session_->ended();
      if (stopping_) co_return;
      session_.reset();
      lanes_->close(*failure);
      lanes_.reset();
      watch_timer_.cancel();
    }
    why_down_ = failure;
    backoff_.lost(failure->cause(), Backoff::Clock::now());
    if (failure->cause() != Cause::stopped) spdlog::warn("{}", failure->line());
    const auto now = Backoff::Clock::now();
    const auto wait = backoff_.next_attempt(now);
    if (wait) {
      report(NodeState::waiting, failure, now + *wait);
    } else {
      spdlog::warn("{}: given up until a file or an agent's key changes, or until labctl tunnels up",
                   target_.name);
      report(NodeState::given_up, failure);
    }
    for (auto& [name, forward] : forwards_) forward->stop(*failure);
    co_await wait_after(failure->cause(), files);
  }
}

asio::awaitable<void> Link::pause_until(Backoff::Clock::time_point time) {
  pause_.expires_at(time);
  std::error_code ignored;
  co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> Link::wait_for_turn() {
  const auto now = Backoff::Clock::now();
  const auto turn = limit_->reserve(now);
  if (turn <= now) co_return;
  spdlog::info("{}: the next login waits {} s, because this daemon has made many logins", target_.name,
               std::chrono::ceil<std::chrono::seconds>(turn - now).count());
  report(NodeState::waiting, why_down_, turn);
  turn_.expires_at(turn);
  std::error_code ignored;
  co_await turn_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> Link::wait_after(Cause cause, std::string files) {
  const auto due = [this]() -> Backoff::Clock::time_point {
    const auto now = Backoff::Clock::now();
    const auto wait = backoff_.next_attempt(now);
    return wait ? now + *wait : Backoff::Clock::time_point::max();
  };
  const auto is_due = [this] {
    return backoff_.next_attempt(Backoff::Clock::now()) == Backoff::Clock::duration::zero();
  };
  if (!needs_a_person(cause)) {
    while (!stopping_ && !is_due()) co_await pause_until(due());
    co_return;
  }
  // A silent agent is not asked again only to see whether it still is.
  const bool ask_agent = cause != Cause::agent_silent;
  std::string keys;
  if (ask_agent) keys = co_await agent_keys(target_);
  while (!stopping_ && !is_due()) {
    co_await pause_until(std::min(due(), Backoff::Clock::now() + timing_.repair_look));
    if (stopping_ || is_due()) co_return;
    std::string keys_now;
    if (ask_agent) keys_now = co_await agent_keys(target_);
    const bool new_keys = !keys_now.empty() && keys_now != keys;
    if (login_files(target_) == files && !new_keys) continue;
    spdlog::info("{}: the files or the agent's keys have changed: logging in again", target_.name);
    backoff_.reset();
  }
}

// Checks whether a silent peer is still alive; only bytes from the peer count.
asio::awaitable<void> Link::watch(std::shared_ptr<ssh::Session> session) {
  asked_for_proof_.reset();
  while (!session->failure() && !stopping_) {
    check_proof(*session);
    const auto silent = ssh::Session::Clock::now() - session->last_heard();
    if (silent >= timing_.silence_lost) {
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(silent).count();
      session->close(Failure(
          Cause::lost, "connection lost: nothing heard for " + std::to_string(seconds) + " s", target_.name));
    }
    if (session->failure()) break;
    if (silent >= timing_.silence_asked) session->ask_for_life();
    watch_timer_.expires_after(asked_for_proof_ ? std::min(timing_.silence_asked / 2, timing_.proof / 4)
                                                : timing_.silence_asked / 2);
    std::error_code ignored;
    co_await watch_timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

// After a change of the network.
void Link::check_proof(ssh::Session& session) {
  if (!asked_for_proof_) return;
  if (session.last_heard() > *asked_for_proof_) {
    asked_for_proof_.reset();
  } else if (ssh::Session::Clock::now() - *asked_for_proof_ >= timing_.proof) {
    asked_for_proof_.reset();
    session.close(
        Failure(Cause::lost, "connection lost: no answer since the network has changed", target_.name));
  }
}

void Link::start(Forward& forward) {
  forward.start({[lanes = lanes_](Endpoint remote, Deadline deadline) {
                   return open_channel(lanes, std::move(remote), deadline);
                 },
                 [session = session_](Endpoint at, Deadline deadline) {
                   return ask_to_listen(session, std::move(at), deadline);
                 },
                 [session = session_](Endpoint remote, Failure failure, Deadline deadline) {
                   return ssh::find_cause(session, std::move(remote), std::move(failure), deadline);
                 }});
}

void Link::carry(PlannedForward plan, std::shared_ptr<ssh::Traffic> traffic) {
  asio::post(*io_, [this, plan = std::move(plan), traffic = std::move(traffic)] {
    auto forward =
        make_forward({io_->get_executor(), target_.name, plan, traffic, timing_, reports_.forward});
    forwards_[plan.name] = forward;
    if (session_) {
      start(*forward);
    } else if (why_down_) {
      forward->stop(*why_down_);
    }
  });
}

void Link::drop(std::string name, std::function<void()> done) {
  asio::post(*io_, [this, name = std::move(name), done = std::move(done)] {
    if (const auto found = forwards_.find(name); found != forwards_.end()) {
      found->second->drop();
      forwards_.erase(found);
    }
    done();
  });
}

void Link::retry() {
  asio::post(*io_, [this] {
    if (!session_) backoff_.reset();
    pause_.cancel();
    turn_.cancel();
    for (auto& [name, forward] : forwards_) forward->check_now();
  });
}

void Link::network_changed() {
  asio::post(*io_, [this] {
    if (session_) {
      // A second change does not prolong the time for the answer to the first.
      if (!asked_for_proof_) asked_for_proof_ = ssh::Session::Clock::now();
      session_->ask_for_life();
      watch_timer_.cancel();
      return;
    }
    backoff_.hurry(Backoff::Clock::now());
    pause_.cancel();
  });
}

void Link::follow_agents(ssh::Target newest) {
  asio::post(*io_, [this, newest = std::move(newest)] {
    const auto before = target_.agent_socket;
    if (!ssh::follow_agents(target_, newest)) return;
    if (target_.agent_socket != before)
      spdlog::info("{}: the next login asks the agent {}", target_.name, target_.agent_socket.string());
    if (lanes_) lanes_->follow_agents(newest);
  });
}

void Link::reconnect() {
  asio::post(*io_, [this] {
    if (session_) session_->close(Failure(Cause::stopped, "restarted", target_.name));
    backoff_.reset();
    pause_.cancel();
    turn_.cancel();
  });
}

}  // namespace labctl::tunnels
