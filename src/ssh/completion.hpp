#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace labctl::ssh {

// The type-erased handler that a suspended coroutine waits for (asio 1.22 has no any_completion_handler). A
// call posts the handler, so that the caller is never re-entered. Only the first call has an effect.
template <typename... Args>
class Completion {
public:
  Completion() = default;

  explicit operator bool() const { return static_cast<bool>(call_); }

  void operator()(Args... args) {
    if (auto call = std::exchange(call_, nullptr)) call(std::move(args)...);
  }

  // For asio::async_initiate: keeps the handler until the call.
  auto store() { return Store{this}; }

private:
  struct Store {
    Completion* slot;

    template <typename Handler>
    void operator()(Handler&& handler) const {
      auto executor = asio::get_associated_executor(handler);
      auto shared = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
      slot->call_ = [shared = std::move(shared), executor](Args... args) {
        asio::post(executor,
                   [shared, ... args = std::move(args)]() mutable { (*shared)(std::move(args)...); });
      };
    }
  };

  std::function<void(Args...)> call_;
};

// A repeating event: notify() wakes every coroutine that waits at that time.
class Notifier {
public:
  asio::awaitable<void> wait() {
    auto slot = std::make_shared<Completion<>>();
    waiting_.push_back(slot);
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(slot->store(), asio::use_awaitable);
  }

  void notify() {
    for (auto& slot : std::exchange(waiting_, {})) (*slot)();
  }

private:
  std::vector<std::shared_ptr<Completion<>>> waiting_;
};

}  // namespace labctl::ssh
