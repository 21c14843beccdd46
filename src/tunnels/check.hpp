#pragma once

#include "base/deadline.hpp"
#include "base/endpoint.hpp"
#include "ssh/failure.hpp"
#include "tunnels/plan.hpp"

#include <asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace labctl::ssh {
class Channel;
}

namespace labctl::tunnels {

// Opens a channel to a remote end. Throws ssh::Failure.
using Opener = std::function<asio::awaitable<std::shared_ptr<ssh::Channel>>(Endpoint, Deadline)>;

// Checks on a new channel that the remote end of a forward answers. Returns the time to open the channel.
// Throws ssh::Failure: that of open(), target_no_answer, or bad_answer.
asio::awaitable<std::chrono::microseconds> check_answer(const Opener& open, const PlannedForward& forward,
                                                        Deadline deadline);

// Evaluates an HTTP answer: nullopt if it is good, else the problem.
std::optional<std::string> judge_answer(ForwardCheck check, const std::string& answer);

}  // namespace labctl::tunnels
