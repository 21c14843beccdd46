// How a login connects to sshd: directly, through a proxy command, or through a jump host.
#include "ssh/address_race.hpp"
#include "ssh/local_address.hpp"
#include "ssh/login.hpp"
#include "ssh/proxy_command.hpp"

#include <asio/error.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <netinet/tcp.h>

#include <algorithm>
#include <system_error>

namespace labctl::ssh {
namespace {

// The kernel ends a connection when sent data is unacknowledged for this long (TCP_USER_TIMEOUT,
// milliseconds), or for as long as ServerAliveInterval and ServerAliveCountMax let a node be silent.
constexpr int user_timeout = 15'000;

constexpr std::chrono::seconds between_attempts{1};  // as ssh waits (sshconnect.c)

}  // namespace

asio::awaitable<void> Login::connect(Deadline deadline) {
  const Target& target = session_->target_;
  if (!target.jumps.empty()) {
    co_await connect_through_jump(deadline);
  } else if (!target.proxy_command.empty()) {
    connect_by_command();
  } else {
    co_await connect_directly();
  }
}

asio::awaitable<void> Login::connect_through_jump(Deadline deadline) {
  const Target& target = session_->target_;
  Target before = target.jumps.back();
  before.jumps.assign(target.jumps.begin(), target.jumps.end() - 1);
  *stage_ = "jump host " + before.name;
  try {
    session_->jump_ = co_await Session::login(before, deadline, &session_->jump_attempt_, reached_);
    const Endpoint sshd{target.host, target.port, {}};  // named: GCC 12 frees a temporary of a co_await twice
    auto channel = co_await session_->jump_->open(sshd, deadline);
    if (session_->failure_) throw Failure(*session_->failure_);
    auto [ours, theirs] = connected_pair(session_->executor());
    session_->socket_ = std::move(ours);
    std::make_shared<Relay>(std::move(theirs), std::make_shared<Traffic>())->run(std::move(channel));
  } catch (const Failure& problem) {
    if (session_->failure_) throw Failure(*session_->failure_);
    const bool refused =
        problem.cause() == Cause::target_refused || problem.cause() == Cause::forwarding_denied;
    throw failure(refused ? Cause::unreachable : problem.cause(), *stage_ + ": " + problem.what(),
                  problem.hint());
  }
}

void Login::connect_by_command() {
  *stage_ = "ProxyCommand " + session_->target_.proxy_command;
  session_->proxy_command_ =
      std::make_unique<ProxyCommand>(session_->executor(), session_->target_.proxy_command);
  session_->socket_ = session_->proxy_command_->take_socket();
}

asio::awaitable<std::vector<asio::ip::tcp::endpoint>> Login::look_up(const std::string& name,
                                                                     std::uint16_t port) {
  std::error_code no_address;
  if (const auto address = asio::ip::make_address(name, no_address); !no_address)
    co_return std::vector{asio::ip::tcp::endpoint(address, port)};
  // The resolver's thread may be blocked by a name server that does not answer. So this also waits for the
  // end of the session.
  struct Found {
    bool done = false;
    std::vector<asio::ip::tcp::endpoint> endpoints;
  };
  auto found = std::make_shared<Found>();
  session_->resolving_ = true;
  session_->resolver_.async_resolve(
      name, std::to_string(port), asio::ip::tcp::resolver::numeric_service,
      [found, session = session_](std::error_code, const asio::ip::tcp::resolver::results_type& results) {
        session->resolving_ = false;
        found->done = true;
        for (const auto& entry : results) found->endpoints.push_back(entry.endpoint());
        session->activity_.notify();
      });
  while (!found->done) {
    if (session_->failure_) throw Failure(*session_->failure_);
    co_await session_->activity_.wait();
  }
  if (session_->failure_) throw Failure(*session_->failure_);
  co_return std::move(found->endpoints);
}

asio::awaitable<std::vector<asio::ip::tcp::endpoint>> Login::resolve() {
  const Target& target = session_->target_;
  auto endpoints = co_await look_up(target.host, target.port);
  if (endpoints.empty()) {
    throw failure(Cause::name_unknown, "the name " + target.host + " does not resolve",
                  "check `address` in the inventory");
  }
  if (!target.address_family.empty() && target.address_family != "any") {
    const bool v6 = target.address_family == "inet6";
    std::erase_if(endpoints, [&](const auto& endpoint) { return endpoint.address().is_v6() != v6; });
    if (endpoints.empty()) {
      throw failure(Cause::name_unknown,
                    target.host + " has no IPv" + (v6 ? "6" : "4") +
                        " address, and the ssh configuration says AddressFamily " + target.address_family,
                    "check `address` in the inventory");
    }
  }
  co_return endpoints;
}

// At most one of each family.
asio::awaitable<std::vector<asio::ip::address>> Login::local_addresses() {
  const Target& target = session_->target_;
  std::vector<asio::ip::address> addresses;
  if (!target.bind_address.empty()) {
    for (const auto& endpoint : co_await look_up(target.bind_address, 0)) {
      const bool known = std::any_of(addresses.begin(), addresses.end(), [&](const auto& address) {
        return address.is_v6() == endpoint.address().is_v6();
      });
      if (!known) addresses.push_back(endpoint.address());
    }
    if (addresses.empty()) {
      throw failure(Cause::unreachable,
                    "the name " + target.bind_address +
                        " does not resolve, and the ssh configuration says BindAddress " +
                        target.bind_address,
                    "give an address of this machine there");
    }
  } else if (!target.bind_interface.empty()) {
    addresses = addresses_of_interface(target.bind_interface);
    if (addresses.empty()) {
      throw failure(Cause::unreachable,
                    "the interface " + target.bind_interface +
                        " has no address, and the ssh configuration says BindInterface " +
                        target.bind_interface,
                    "is the interface up? ip address show dev " + target.bind_interface);
    }
  }
  co_return addresses;
}

// One of ConnectionAttempts. The error, if no address answers.
asio::awaitable<std::error_code> Login::try_addresses(std::vector<asio::ip::tcp::endpoint> endpoints,
                                                      std::vector<asio::ip::address> from) {
  const auto race =
      std::make_shared<AddressRace>(session_->executor(), std::move(endpoints), std::move(from));
  session_->race_ = race;
  try {
    session_->socket_ = co_await race->run();
  } catch (const std::system_error& problem) {
    if (session_->failure_) throw Failure(*session_->failure_);
    co_return problem.code();
  }
  if (session_->failure_) throw Failure(*session_->failure_);
  co_return std::error_code();
}

asio::awaitable<void> Login::connect_directly() {
  const Target& target = session_->target_;
  *stage_ = "TCP connection";
  const auto endpoints = co_await resolve();
  const auto from = co_await local_addresses();
  std::error_code error = co_await try_addresses(endpoints, from);
  for (int attempt = 2; error && attempt <= target.connection_attempts; ++attempt) {
    asio::steady_timer timer(session_->executor(), between_attempts);
    std::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (session_->failure_) throw Failure(*session_->failure_);
    error = co_await try_addresses(endpoints, from);
  }
  if (error) {
    std::string way;
    if (!target.bind_address.empty()) {
      way = " from " + target.bind_address;
    } else if (!target.bind_interface.empty()) {
      way = " through " + target.bind_interface;
    }
    throw failure(Cause::unreachable, "cannot connect to " + place() + way + ": " + error.message(),
                  error == asio::error::connection_refused ? "is sshd running there?" : "is the node up?");
  }
  session_->socket_.set_option(asio::ip::tcp::no_delay(true));
  const long long silence = 1000LL * target.alive_interval * (target.alive_count + 1LL);
  const int timeout = static_cast<int>(std::clamp<long long>(silence, user_timeout, 86'400'000));
  ::setsockopt(session_->socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);
}

}  // namespace labctl::ssh
