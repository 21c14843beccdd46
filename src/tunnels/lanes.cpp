#include "tunnels/lanes.hpp"

#include "ssh/channel.hpp"
#include "ssh/current_failure.hpp"
#include "tunnels/counted_login.hpp"

#include <asio/ip/address.hpp>

#include <optional>

namespace labctl::tunnels {
namespace {

using ssh::Cause;
using ssh::Failure;
using ssh::Session;

}  // namespace

bool needs_lookup(const Endpoint& remote) {
  if (remote.is_unix_socket() || remote.host == "localhost") return false;
  std::error_code no_address;
  asio::ip::make_address(remote.host, no_address);
  return static_cast<bool>(no_address);
}

Lanes::Lanes(ssh::Target target, Timing timing, std::shared_ptr<LoginLimit> limit,
             std::shared_ptr<Session> first)
    : target_(std::move(target)), timing_(timing), limit_(std::move(limit)), first_(std::move(first)) {}

void Lanes::close(const Failure& why) {
  closed_ = true;
  if (auto attempt = attempt_.lock()) attempt->close(why);
  if (for_names_) for_names_->close(why);
  for_names_.reset();
}

asio::awaitable<void> Lanes::log_in_for_names() {
  const auto now = LoginLimit::Clock::now();
  if (limit_->reserve(now) > now) {
    // A client waits: it is told at once, and the forward's check tries again.
    limit_->settle(0);
    throw Failure(Cause::target_no_answer,
                  "there is no session for names yet, because this daemon has made many logins",
                  target_.name);
  }
  for_names_ = co_await counted_login(target_, Deadline::in(timing_.login), &attempt_, limit_);
}

asio::awaitable<std::shared_ptr<Session>> Lanes::session_for_names() {
  while (!closed_ && !first_->failure()) {
    if (no_second_login_) co_return first_;
    if (for_names_ && !for_names_->failure()) co_return for_names_;
    if (logging_in_) {
      co_await login_over_.wait();
      continue;
    }
    logging_in_ = true;
    std::optional<Failure> failure;
    try {
      co_await log_in_for_names();
    } catch (...) {
      failure = ssh::current_failure(target_.name);
    }
    logging_in_ = false;
    login_over_.notify();
    if (failure && failure->cause() == Cause::identity_encrypted) {
      // Nobody can be asked for the passphrase now; a slow name server is the smaller trouble.
      no_second_login_ = true;
    } else if (failure) {
      throw Failure(*failure);
    }
  }
  throw first_->failure() ? Failure(*first_->failure())
                          : Failure(Cause::stopped, "tunnels are being closed", target_.name);
}

asio::awaitable<std::shared_ptr<ssh::Channel>> Lanes::open(Endpoint remote, Deadline deadline) {
  auto via = first_;  // not by ?:, which GCC 12 miscompiles around co_await
  if (needs_lookup(remote)) via = co_await session_for_names();
  co_return co_await via->open(std::move(remote), deadline);
}

}  // namespace labctl::tunnels
