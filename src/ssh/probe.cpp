#include "ssh/probe.hpp"

#include "ssh/channel.hpp"
#include "ssh/current_failure.hpp"
#include "ssh/refusal.hpp"
#include "ssh/session.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

namespace labctl::ssh {
namespace {

asio::awaitable<void> look(const Target& target, const std::optional<Endpoint>& remote, Deadline deadline,
                           ProbeResult& result) {
  std::shared_ptr<Session> session;
  try {
    session = co_await Session::login(target, deadline);
    result.login_time = deadline.elapsed();
  } catch (...) {
    result.login = current_failure(target.name);
    co_return;
  }
  try {
    result.round_trip = co_await session->round_trip(deadline);
    if (remote) co_await session->open(*remote, deadline);
  } catch (...) {
    result.channel = current_failure(target.name);
  }
  if (result.channel && remote)
    result.channel = co_await find_cause(session, *remote, *result.channel, deadline);
  session->close(Failure(Cause::stopped, "probe is done", target.name));
}

}  // namespace

ProbeResult probe(const Target& target, const std::optional<Endpoint>& remote, Deadline deadline) {
  asio::io_context io(1);
  ProbeResult result;
  bool done = false;
  asio::co_spawn(io, look(target, remote, deadline, result), [&](std::exception_ptr) { done = true; });
  while (!done && io.run_one() > 0) {
  }
  return result;
}

}  // namespace labctl::ssh
