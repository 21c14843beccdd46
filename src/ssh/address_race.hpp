#pragma once

#include "ssh/completion.hpp"
#include "ssh/relay.hpp"

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include <memory>
#include <vector>

namespace labctl::ssh {

// Connects to the first of several addresses that answers (RFC 8305, "happy eyeballs"): an address that drops
// all packets must not use up the time of the others. Address families alternate, otherwise in the order
// given; the next address is tried when the previous one fails, or does not answer within 250 ms. Runs on one
// thread (its executor).
class AddressRace : public std::enable_shared_from_this<AddressRace> {
public:
  // `from`: our local addresses, at most one per family; if there are any, addresses of other families are
  // not tried.
  AddressRace(const asio::any_io_executor& executor, std::vector<asio::ip::tcp::endpoint> addresses,
              std::vector<asio::ip::address> from = {});

  // The connection; call it once. std::system_error with the last error if no address answers, or after
  // stop().
  asio::awaitable<StreamSocket> run();
  // Ends it now.
  void stop();

  // The order in which they are tried.
  const std::vector<asio::ip::tcp::endpoint>& addresses() const { return addresses_; }

private:
  asio::awaitable<void> attempt(std::shared_ptr<StreamSocket> socket, asio::ip::tcp::endpoint address);

  asio::any_io_executor executor_;
  std::vector<asio::ip::tcp::endpoint> addresses_;
  std::vector<asio::ip::address> from_;
  std::vector<std::shared_ptr<StreamSocket>> trying_;
  std::shared_ptr<StreamSocket> winner_;
  std::error_code last_error_;
  asio::steady_timer timer_;
  Notifier news_;
  bool stopped_ = false;
};

}  // namespace labctl::ssh
