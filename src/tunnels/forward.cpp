#include "tunnels/forward.hpp"

#include "base/current_error.hpp"
#include "ssh/channel.hpp"
#include "ssh/current_failure.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace labctl::tunnels {

using ssh::Cause;
using ssh::Failure;

namespace {

// A failure of the remote end belongs to the forward, not to the node.
Failure about(const std::string& forward, const Failure& failure) {
  switch (failure.cause()) {
    case Cause::target_refused:
    case Cause::target_no_answer:
    case Cause::forwarding_denied:
    case Cause::bad_answer:
      return Failure(failure.cause(), failure.what(), forward, failure.hint());
    default:
      return failure;
  }
}

}  // namespace

Forward::Forward(asio::any_io_executor executor, std::string node, PlannedForward plan,
                 std::shared_ptr<ssh::Traffic> traffic, Timing timing, Report report)
    : executor_(executor),
      node_(std::move(node)),
      plan_(std::move(plan)),
      traffic_(std::move(traffic)),
      timing_(timing),
      report_(std::move(report)),
      timer_(executor) {}

void Forward::start(Opener open) {
  ++run_;
  open_ = std::move(open);
  asio::co_spawn(
      executor_, [self = shared_from_this(), run = run_] { return self->keep_checking(run); },
      asio::detached);
}

void Forward::stop(const Failure& why) {
  close_all();
  report_({plan_.name, node_, why, std::nullopt});
}

void Forward::drop() { close_all(); }

void Forward::close_all() {
  ++run_;
  timer_.cancel();
  if (end_) end_->close();
  end_.reset();
  for (auto& weak : std::exchange(connections_, {})) {
    if (auto connection = weak.lock()) connection->abort();
  }
  open_ = nullptr;
}

void Forward::check_now() { timer_.cancel(); }

void Forward::open_local_end() {
  if (end_ && end_->in_place()) return;
  if (end_) spdlog::warn("{}: the socket file is gone, making it again", plan_.name);
  if (end_) end_->close();
  end_.reset();
  try {
    end_ = std::make_shared<LocalEnd>(executor_, plan_.local);
  } catch (...) {
    throw ssh::current_failure(to_string(plan_.local));
  }
  asio::co_spawn(
      executor_, [self = shared_from_this(), end = end_] { return self->accept(end); }, asio::detached);
}

asio::awaitable<void> Forward::accept(std::shared_ptr<LocalEnd> end) {
  auto self = shared_from_this();
  while (end == end_) {
    auto socket = co_await end->accept();
    if (!socket || end != end_) break;
    auto connection = std::make_shared<ssh::Relay>(std::move(*socket), traffic_);
    if (connections_.size() >= sweep_at_) {
      std::erase_if(connections_, [](const auto& weak) { return weak.expired(); });
      sweep_at_ = std::max<std::size_t>(64, connections_.size() * 2);
    }
    connections_.push_back(connection);
    asio::co_spawn(
        executor_, [self, connection] { return self->serve(connection); }, asio::detached);
  }
}

asio::awaitable<void> Forward::serve(std::shared_ptr<ssh::Relay> connection) {
  auto self = shared_from_this();
  const Opener open = open_;
  if (!open) {
    connection->abort();
    co_return;
  }
  try {
    connection->run(co_await open(plan_.remote, Deadline::in(timing_.open)));
  } catch (...) {
    spdlog::debug("{}: {}", plan_.name, current_error().line());
    connection->abort();
    check_now();
  }
}

asio::awaitable<void> Forward::keep_checking(unsigned run) {
  auto self = shared_from_this();
  auto retry = timing_.check_retry_first;
  while (run == run_) {
    std::optional<Failure> failure;
    std::optional<std::chrono::microseconds> rtt;
    try {
      open_local_end();
      rtt = co_await check_answer(open_, plan_, Deadline::in(timing_.check));
    } catch (...) {
      failure = about(plan_.name, ssh::current_failure(plan_.name));
    }
    if (run != run_) co_return;
    const bool well = !failure;
    report_({plan_.name, node_, std::move(failure), rtt});
    timer_.expires_after(well ? timing_.check_interval : retry);
    retry = well ? timing_.check_retry_first : std::min(retry * 2, timing_.check_retry_longest);
    std::error_code ignored;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

}  // namespace labctl::tunnels
