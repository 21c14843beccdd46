#include "tunnels/forward.hpp"

#include "ssh/current_failure.hpp"
#include "tunnels/dynamic_forward.hpp"
#include "tunnels/local_forward.hpp"
#include "tunnels/remote_forward.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace labctl::tunnels {

using ssh::Cause;
using ssh::Failure;

namespace {

// A failure of an end belongs to the forward, not to the node.
Failure about(const std::string& forward, const Failure& failure) {
  switch (failure.cause()) {
    case Cause::target_refused:
    case Cause::target_denied:
    case Cause::target_unreachable:
    case Cause::target_no_answer:
    case Cause::no_descriptors:
    case Cause::forwarding_denied:
    case Cause::bad_answer:
    case Cause::listen_failed:
    case Cause::listen_public:
      return Failure(failure.cause(), failure.what(), forward, failure.hint());
    default:
      return failure;
  }
}

}  // namespace

Forward::Forward(ForwardSetting setting) : setting_(std::move(setting)), timer_(setting_.executor) {}

void Forward::start(Carrier carrier) {
  ++run_;
  carrier_ = std::move(carrier);
  asio::co_spawn(
      setting_.executor, [self = shared_from_this(), run = run_] { return self->keep_checking(run); },
      asio::detached);
}

void Forward::stop(const Failure& why) {
  close_all();
  setting_.report({plan().name, setting_.node, why, std::nullopt});
}

void Forward::drop() { close_all(); }

void Forward::close_all() {
  ++run_;
  timer_.cancel();
  stop_listening();
  for (auto& weak : std::exchange(connections_, {})) {
    if (auto connection = weak.lock()) connection->abort();
  }
  carrier_ = {};
}

void Forward::keep(const std::shared_ptr<ssh::Relay>& connection) {
  if (connections_.size() >= sweep_at_) {
    std::erase_if(connections_, [](const auto& weak) { return weak.expired(); });
    sweep_at_ = std::max<std::size_t>(64, connections_.size() * 2);
  }
  connections_.push_back(connection);
}

void Forward::report_connection(std::optional<Failure> failure) {
  if (!std::exchange(connection_failed_, failure.has_value()) && !failure) return;  // as before
  if (failure) failure = about(plan().name, *failure);
  setting_.report(
      {plan().name, setting_.node, std::move(failure), std::nullopt, ForwardReport::About::connection});
}

bool Forward::has_room(bool may_connect) {
  if (may_connect) {
    if (std::exchange(is_full_, false)) report_connection(std::nullopt);
    return true;
  }
  const Failure full(Cause::no_descriptors,
                     "new connections are refused: the daemon has no more descriptors for them", plan().name,
                     "end some connections; `labctl tunnels status` shows where they are");
  // The supervisor logs the first; the log shortens the rest to a line a minute.
  if (std::exchange(is_full_, true)) spdlog::warn("{}", full.line());
  report_connection(full);
  return false;
}

asio::awaitable<void> Forward::keep_checking(unsigned run) {
  auto self = shared_from_this();
  const Timing& timing = setting_.timing;
  auto retry = timing.check_retry_first;
  while (run == run_) {
    std::optional<Failure> failure;
    std::optional<std::chrono::microseconds> rtt;
    try {
      rtt = co_await check(Deadline::in(timing.check));
    } catch (...) {
      failure = about(plan().name, ssh::current_failure(plan().name));
    }
    if (run != run_) co_return;
    const bool well = !failure;
    setting_.report({plan().name, setting_.node, std::move(failure), rtt});
    timer_.expires_after(well ? timing.check_interval : retry);
    retry = well ? timing.check_retry_first : std::min(retry * 2, timing.check_retry_longest);
    std::error_code ignored;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

std::shared_ptr<Forward> make_forward(ForwardSetting setting) {
  switch (setting.plan.direction) {
    case inventory::Forward::Direction::remote:
      return std::make_shared<RemoteForward>(std::move(setting));
    case inventory::Forward::Direction::dynamic:
      return std::make_shared<DynamicForward>(std::move(setting));
    case inventory::Forward::Direction::local:
      break;
  }
  return std::make_shared<LocalForward>(std::move(setting));
}

}  // namespace labctl::tunnels
