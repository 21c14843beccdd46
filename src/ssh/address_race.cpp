#include "ssh/address_race.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <system_error>

namespace labctl::ssh {
namespace {

using TcpAddress = asio::ip::tcp::endpoint;

constexpr std::chrono::milliseconds attempt_delay{250};  // RFC 8305, section 8

// Alternates between the address families, starting with the family of the first address.
std::vector<TcpAddress> interleaved(std::vector<TcpAddress> addresses) {
  if (addresses.empty()) return addresses;
  const bool v6 = addresses.front().address().is_v6();
  const auto second =
      std::stable_partition(addresses.begin(), addresses.end(),
                            [&](const TcpAddress& address) { return address.address().is_v6() == v6; });
  std::vector<TcpAddress> result;
  auto one = addresses.begin(), other = second;
  while (one != second || other != addresses.end()) {
    if (one != second) result.push_back(*one++);
    if (other != addresses.end()) result.push_back(*other++);
  }
  return result;
}

}  // namespace

AddressRace::AddressRace(const asio::any_io_executor& executor, std::vector<TcpAddress> addresses,
                         std::vector<asio::ip::address> from)
    : executor_(executor),
      addresses_(interleaved(std::move(addresses))),
      from_(std::move(from)),
      last_error_(asio::error::address_family_not_supported),
      timer_(executor) {
  if (from_.empty()) return;
  std::erase_if(addresses_, [&](const TcpAddress& address) {
    return std::none_of(from_.begin(), from_.end(), [&](const asio::ip::address& ours) {
      return ours.is_v6() == address.address().is_v6();
    });
  });
}

void AddressRace::stop() {
  stopped_ = true;
  last_error_ = asio::error::operation_aborted;
  news_.notify();
}

asio::awaitable<void> AddressRace::attempt(std::shared_ptr<StreamSocket> socket, TcpAddress address) {
  auto self = shared_from_this();
  std::error_code error;
  socket->open(asio::generic::stream_protocol(address.protocol()), error);
  for (const asio::ip::address& ours : from_) {
    if (!error && ours.is_v6() == address.address().is_v6()) socket->bind(TcpAddress(ours, 0), error);
  }
  if (!error) co_await socket->async_connect(address, asio::redirect_error(asio::use_awaitable, error));
  std::erase(trying_, socket);
  if (!error && !winner_ && !stopped_) winner_ = socket;
  if (error && !stopped_) last_error_ = error;
  news_.notify();
}

asio::awaitable<StreamSocket> AddressRace::run() {
  auto self = shared_from_this();
  for (const TcpAddress& address : addresses_) {
    if (winner_ || stopped_) break;
    auto socket = std::make_shared<StreamSocket>(executor_);
    trying_.push_back(socket);
    asio::co_spawn(
        executor_, [self, socket, address] { return self->attempt(socket, address); }, asio::detached);
    // The last attempt has no time limit here; the caller's deadline ends it.
    auto is_late = std::make_shared<bool>(false);
    if (address != addresses_.back()) {
      timer_.expires_after(attempt_delay);
      timer_.async_wait([self, is_late](std::error_code error) {
        if (error) return;
        *is_late = true;
        self->news_.notify();
      });
    }
    while (!winner_ && !stopped_ && !trying_.empty() && !*is_late) co_await news_.wait();
    timer_.cancel();
  }
  // An earlier attempt may still succeed after the last one has failed.
  while (!winner_ && !stopped_ && !trying_.empty()) co_await news_.wait();
  std::error_code ignored;
  for (const auto& socket : trying_) socket->close(ignored);
  if (!winner_) throw std::system_error(last_error_);
  co_return std::move(*winner_);
}

}  // namespace labctl::ssh
