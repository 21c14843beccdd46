#include "tunnels/local_forward.hpp"

#include "base/current_error.hpp"
#include "ssh/channel.hpp"
#include "ssh/current_failure.hpp"
#include "tunnels/descriptor_reserve.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <spdlog/spdlog.h>

namespace labctl::tunnels {
namespace {

// While a forward is down it is checked every two seconds; the node is not looked at as often.
constexpr std::chrono::seconds explanation_lasts{10};

}  // namespace

void LocalForward::stop_listening() {
  if (end_) end_->close();
  end_.reset();
}

void LocalForward::open_local_end() {
  if (end_ && end_->in_place()) return;
  if (end_) spdlog::warn("{}: the socket file is gone, making it again", plan().name);
  stop_listening();
  try {
    end_ = std::make_shared<LocalEnd>(setting().executor, plan().local);
  } catch (...) {
    throw ssh::current_failure(to_string(plan().local));
  }
  asio::co_spawn(
      setting().executor, [self = self(), end = end_] { return self->accept(end); }, asio::detached);
}

asio::awaitable<std::optional<std::chrono::microseconds>> LocalForward::check(Deadline deadline) {
  open_local_end();
  const auto me = self();
  const Opener open = [me](Endpoint remote, Deadline until) {
    return me->open_for_check(std::move(remote), until);
  };
  co_return co_await check_answer(open, plan(), deadline);
}

asio::awaitable<std::shared_ptr<ssh::Channel>> LocalForward::open_for_check(Endpoint remote,
                                                                            Deadline deadline) {
  const auto me = self();
  const auto of_run = run();
  const Carrier node = carrier();
  std::optional<ssh::Failure> failure;
  try {
    co_return co_await node.open(remote, deadline);
  } catch (const ssh::Failure& caught) {
    failure = caught;
  }
  const auto now = std::chrono::steady_clock::now();
  const bool known = explained_ && explained_->run == of_run && explained_->what == failure->what() &&
                     now - explained_->at < explanation_lasts;
  if (!known) {
    const std::string what = failure->what();
    ssh::Failure cause = co_await node.find_cause(remote, *failure, deadline);
    explained_.emplace(Explained{of_run, now, what, std::move(cause)});
  }
  throw ssh::Failure(explained_->cause);
}

asio::awaitable<void> LocalForward::accept(std::shared_ptr<LocalEnd> end) {
  auto me = self();
  while (end == end_) {
    auto socket = co_await end->accept();
    if (!socket || end != end_) break;
    if (!has_room(may_connect(socket->native_handle(), connections()))) {
      ssh::reset(*socket);
      continue;
    }
    auto connection = std::make_shared<ssh::Relay>(std::move(*socket), setting().traffic);
    keep(connection);
    asio::co_spawn(
        setting().executor, [me, connection] { return me->serve(connection); }, asio::detached);
  }
}

asio::awaitable<void> LocalForward::serve(std::shared_ptr<ssh::Relay> connection) {
  auto me = self();
  const Opener open = carrier().open;
  if (!open) {
    connection->abort();
    co_return;
  }
  try {
    co_await connect(connection, open);
  } catch (...) {
    spdlog::debug("{}: {}", plan().name, current_error().line());
    connection->abort();
    check_now();
  }
}

asio::awaitable<void> LocalForward::connect(std::shared_ptr<ssh::Relay> connection, Opener open) {
  connection->run(co_await open(plan().remote, Deadline::in(setting().timing.open)));
}

}  // namespace labctl::tunnels
