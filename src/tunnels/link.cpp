#include "tunnels/link.hpp"

#include "ssh/current_failure.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <signal.h>
#include <spdlog/spdlog.h>

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

Link::Link(ssh::Target target, Timing timing, Reports reports)
    : target_(std::move(target)),
      timing_(timing),
      reports_(std::move(reports)),
      io_(std::make_unique<asio::io_context>(1)),
      work_(asio::make_work_guard(*io_)),
      pause_(*io_),
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

void Link::report(NodeState state, const std::optional<Failure>& failure) {
  std::optional<std::chrono::milliseconds> next;
  if (const auto wait = backoff_.next_attempt(Backoff::Clock::now()); wait && state == NodeState::waiting) {
    next = std::chrono::duration_cast<std::chrono::milliseconds>(*wait);
  }
  reports_.node({target_.name, state, failure, next});
}

asio::awaitable<void> Link::run() {
  while (!stopping_) {
    report(NodeState::connecting);
    std::optional<Failure> failure;
    try {
      auto session = co_await ssh::Session::login(target_, Deadline::in(timing_.login), &attempt_);
      session_ = session;
    } catch (...) {
      failure = ssh::current_failure(target_.name);
    }
    if (stopping_) co_return;
    if (session_) {
      backoff_.connected(Backoff::Clock::now());
      spdlog::info("{}: session up", target_.name);
      why_down_.reset();
      lanes_ = std::make_shared<Lanes>(target_, timing_, session_);
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
    report(backoff_.given_up() ? NodeState::given_up : NodeState::waiting, failure);
    for (auto& [name, forward] : forwards_) forward->stop(*failure);
    const auto wait = backoff_.next_attempt(Backoff::Clock::now());
    pause_.expires_at(wait ? Backoff::Clock::now() + *wait : asio::steady_timer::time_point::max());
    std::error_code ignored;
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

// Checks whether a silent peer is still alive; only bytes from the peer count.
asio::awaitable<void> Link::watch(std::shared_ptr<ssh::Session> session) {
  while (!session->failure() && !stopping_) {
    const auto silent = ssh::Session::Clock::now() - session->last_heard();
    if (silent >= timing_.silence_lost) {
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(silent).count();
      session->close(Failure(
          Cause::lost, "connection lost: nothing heard for " + std::to_string(seconds) + " s", target_.name));
      break;
    }
    if (silent >= timing_.silence_asked) session->ask_for_life();
    watch_timer_.expires_after(timing_.silence_asked / 2);
    std::error_code ignored;
    co_await watch_timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

void Link::start(Forward& forward) {
  forward.start({[lanes = lanes_](Endpoint remote, Deadline deadline) {
                   return open_channel(lanes, std::move(remote), deadline);
                 },
                 [session = session_](Endpoint at, Deadline deadline) {
                   return ask_to_listen(session, std::move(at), deadline);
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
    for (auto& [name, forward] : forwards_) forward->check_now();
  });
}

void Link::follow_agents(ssh::Target newest) {
  asio::post(*io_, [this, newest = std::move(newest)] {
    if (!ssh::follow_agents(target_, newest)) return;
    spdlog::info("{}: the next login asks the agent {}", target_.name, target_.agent_socket.string());
    if (lanes_) lanes_->follow_agents(newest);
  });
}

void Link::reconnect() {
  asio::post(*io_, [this] {
    if (session_) session_->close(Failure(Cause::stopped, "restarted", target_.name));
    backoff_.reset();
    pause_.cancel();
  });
}

}  // namespace labctl::tunnels
