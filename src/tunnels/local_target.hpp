#pragma once

#include "base/deadline.hpp"
#include "base/endpoint.hpp"
#include "ssh/relay.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

namespace labctl::tunnels {

// Connects to a server on this machine: loopback TCP ("localhost" is both loopback addresses), or a unix
// socket. Throws ssh::Failure: target_refused, target_no_answer.
asio::awaitable<ssh::StreamSocket> connect_local(asio::any_io_executor executor, Endpoint target,
                                                 Deadline deadline);

}  // namespace labctl::tunnels
