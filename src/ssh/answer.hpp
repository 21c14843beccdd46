#pragma once

#include "base/deadline.hpp"
#include "ssh/completion.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <memory>
#include <system_error>

namespace labctl::ssh {

// Waits for the answer to a request of a session (ChannelOpens, ListenRequests). At the deadline the request
// is marked as abandoned, and the answer is nullptr.
template <typename Raw, typename Request>
asio::awaitable<Raw*> answer_to(std::shared_ptr<Request> request, asio::any_io_executor executor,
                                Deadline deadline) {
  asio::steady_timer timer(executor, deadline.at());
  timer.async_wait([request](std::error_code error) {
    if (error || !request->done) return;
    request->abandoned = true;
    request->done(nullptr);
  });
  Raw* raw = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Raw*)>(request->done.store(),
                                                                                      asio::use_awaitable);
  timer.cancel();
  co_return raw;
}

}  // namespace labctl::ssh
