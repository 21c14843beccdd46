#include "tunnels/counted_login.hpp"

#include <utility>

namespace labctl::tunnels {
namespace {

struct Settlement {
  std::shared_ptr<LoginLimit> limit;
  std::shared_ptr<int> reached = std::make_shared<int>(0);

  explicit Settlement(std::shared_ptr<LoginLimit> of) : limit(std::move(of)) {}
  ~Settlement() { limit->settle(*reached); }
  Settlement(const Settlement&) = delete;
  Settlement& operator=(const Settlement&) = delete;
};

}  // namespace

asio::awaitable<std::shared_ptr<ssh::Session>> counted_login(ssh::Target target, Deadline deadline,
                                                             std::weak_ptr<ssh::Session>* started,
                                                             std::shared_ptr<LoginLimit> limit) {
  const Settlement settlement(std::move(limit));
  co_return co_await ssh::Session::login(std::move(target), deadline, started, settlement.reached);
}

}  // namespace labctl::tunnels
