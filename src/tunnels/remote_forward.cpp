#include "tunnels/remote_forward.hpp"

#include "ssh/channel.hpp"
#include "ssh/current_failure.hpp"
#include "ssh/remote_listener.hpp"
#include "tunnels/descriptor_reserve.hpp"
#include "tunnels/local_target.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <utility>

namespace labctl::tunnels {
namespace {

using ssh::Cause;
using ssh::Failure;

// After a session is lost, its sshd process may hold the port a little longer.
constexpr std::chrono::milliseconds listen_patience{2'000};
constexpr std::chrono::milliseconds listen_pause{200};

}  // namespace

void RemoteForward::stop_listening() {
  if (listener_) listener_->close();
  listener_.reset();
}

// Whether a connection to the address at which sshd should listen succeeds on the node: sshd does not say why
// it cannot listen. Asked once a session, because the process there sees the connection.
asio::awaitable<bool> RemoteForward::somebody_listens() {
  if (std::exchange(looked_in_run_, run()) == run()) co_return taken_;
  taken_ = false;
  const Opener open = carrier().open;
  Endpoint at = plan().remote;
  if (at.host == "0.0.0.0" || at.host == "*") at.host = "127.0.0.1";
  if (at.host == "::") at.host = "::1";
  try {
    const auto channel = co_await open(at, Deadline::in(listen_pause * 5));
    taken_ = channel != nullptr;
  } catch (const Failure&) {
    // Nothing is known then, and nothing is claimed.
  }
  co_return taken_;
}

asio::awaitable<std::shared_ptr<ssh::RemoteListener>> RemoteForward::listen(Deadline deadline) {
  const auto me = self();
  const auto of_run = run();
  const Deadline patient = deadline.at_most(listen_patience);
  while (true) {
    std::optional<Failure> failure;
    try {
      co_return co_await carrier().listen(plan().remote, deadline);
    } catch (const Failure& caught) {
      failure = caught;
    }
    if (run() != of_run || failure->cause() != Cause::listen_failed) throw Failure(*failure);
    if (patient.passed()) {
      const bool taken = co_await somebody_listens();
      if (!taken) throw Failure(*failure);
      throw Failure(Cause::listen_failed,
                    "sshd cannot listen at " + to_string(plan().remote) +
                        ": another process of the node accepts connections there",
                    setting().node, "ss -ltnp on the node shows it; give one of them another port");
    }
    asio::steady_timer timer(setting().executor, listen_pause);
    std::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (run() != of_run) throw Failure(*failure);
  }
}

asio::awaitable<std::optional<std::chrono::microseconds>> RemoteForward::check(Deadline deadline) {
  // While the session lives, sshd keeps listening.
  if (listener_) co_return std::nullopt;
  const auto me = self();
  const auto of_run = run();
  const auto start = std::chrono::steady_clock::now();
  auto listener = co_await listen(deadline);
  if (run() != of_run) co_return std::nullopt;  // stopped meanwhile; the listener closes itself
  listener_ = listener;
  asio::co_spawn(
      setting().executor, [me, listener] { return me->accept(listener); }, asio::detached);
  co_return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
}

asio::awaitable<void> RemoteForward::accept(std::shared_ptr<ssh::RemoteListener> listener) {
  const auto me = self();
  const auto of_run = run();
  while (auto channel = co_await listener->accept()) {
    asio::co_spawn(
        setting().executor, [me, channel, of_run] { return me->serve(channel, of_run); }, asio::detached);
  }
}

asio::awaitable<void> RemoteForward::serve(std::shared_ptr<ssh::Channel> channel, unsigned of_run) {
  const auto me = self();
  if (!has_room(may_connect(connections()))) {
    channel->close();
    co_return;
  }
  std::optional<Failure> failure;
  try {
    auto socket =
        co_await connect_local(setting().executor, plan().local, Deadline::in(setting().timing.open));
    if (run() == of_run) {
      auto connection = std::make_shared<ssh::Relay>(std::move(socket), setting().traffic);
      keep(connection);
      connection->run(std::exchange(channel, nullptr));
    }
  } catch (...) {
    failure = ssh::current_failure(plan().name);
  }
  if (channel) channel->close();
  if (run() == of_run) report_connection(std::move(failure));
}

}  // namespace labctl::tunnels
