#include "tunnels/lanes.hpp"

#include "ssh/channel.hpp"
#include "ssh/current_failure.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace labctl::tunnels {

using ssh::Cause;
using ssh::Failure;
using ssh::Session;

Lanes::Lanes(ssh::Target target, Timing timing, std::shared_ptr<Session> first)
    : target_(std::move(target)), timing_(timing), first_(std::move(first)) {
  lanes_[quick].session = first_;
  first_->lose_patience_after(timing_.open_slow);
}

void Lanes::close(const Failure& why) {
  closed_ = true;
  for (Lane& lane : lanes_) {
    if (auto attempt = lane.attempt.lock()) attempt->close(why);
    if (lane.session && lane.session != first_) lane.session->close(why);
    lane.session.reset();
  }
  for (auto& session : retired_) session->close(why);
  retired_.clear();
}

bool Lanes::hangs(const Session& session) const {
  return session.open_waiting(Session::Clock::now()) >= timing_.open_slow;
}

void Lanes::retire(std::shared_ptr<Session> session) {
  // Close the retired sessions that have failed or carry no channels, even if an open still hangs in one.
  std::erase_if(retired_, [](const auto& old) {
    if (old->channels() > 0 && !old->failure()) return false;
    old->close(Failure(Cause::stopped, "no longer needed", old->target().name));
    return true;
  });
  if (session != first_) retired_.push_back(std::move(session));
}

asio::awaitable<std::shared_ptr<Session>> Lanes::session(Kind kind) {
  Lane& lane = lanes_[kind];
  while (!closed_ && !first_->failure()) {
    if (lane.session && lane.session->failure()) lane.session = kind == quick ? first_ : nullptr;
    if (kind == quick && lane.session != first_ && !hangs(*first_)) {
      retire(std::exchange(lane.session, first_));
    }
    if (lane.session && (kind == slow || !hangs(*lane.session))) co_return lane.session;
    if (lane.logging_in) {
      co_await lane.changed.wait();
      continue;
    }
    if (lane.session) {
      if (const auto culprit = lane.session->serving()) slow_.insert(to_string(*culprit));
      spdlog::warn("{}: a channel open hangs, another session takes over", target_.name);
    }
    lane.logging_in = true;
    std::optional<Failure> failure;
    try {
      auto fresh = co_await Session::login(target_, Deadline::in(timing_.login), &lane.attempt);
      if (lane.session) retire(lane.session);
      if (kind == quick) fresh->lose_patience_after(timing_.open_slow);
      lane.session = std::move(fresh);
    } catch (...) {
      failure = ssh::current_failure(target_.name);
    }
    lane.logging_in = false;
    lane.changed.notify();
    if (failure) throw Failure(*failure);
  }
  throw first_->failure() ? Failure(*first_->failure())
                          : Failure(Cause::stopped, "tunnels are being closed", target_.name);
}

asio::awaitable<std::shared_ptr<ssh::Channel>> Lanes::open(Endpoint remote, Deadline deadline) {
  const std::string name = to_string(remote);
  while (true) {
    const Kind kind = slow_.contains(name) ? slow : quick;
    auto via = co_await session(kind);
    const auto begin = Session::Clock::now();
    try {
      auto channel = co_await via->open(remote, deadline);
      if (kind == slow && Session::Clock::now() - begin < timing_.open_slow / 4) slow_.erase(name);
      co_return channel;
    } catch (const Failure& failure) {
      if (failure.cause() != Cause::target_no_answer || kind == slow || deadline.passed()) throw;
      // Either this open hangs, or it waits behind one that hangs. The next iteration chooses the session.
      if (const auto serving = via->serving(); serving && to_string(*serving) == name) slow_.insert(name);
    }
  }
}

}  // namespace labctl::tunnels
