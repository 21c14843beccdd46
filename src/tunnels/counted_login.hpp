#pragma once

#include "ssh/session.hpp"
#include "tunnels/login_limit.hpp"

#include <memory>

namespace labctl::tunnels {

// ssh::Session::login() for a login that was reserved at the limit, which learns what became of it.
asio::awaitable<std::shared_ptr<ssh::Session>> counted_login(ssh::Target target, Deadline deadline,
                                                             std::weak_ptr<ssh::Session>* started,
                                                             std::shared_ptr<LoginLimit> limit);

}  // namespace labctl::tunnels
